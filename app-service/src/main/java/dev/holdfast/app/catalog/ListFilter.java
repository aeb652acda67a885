package dev.holdfast.app.catalog;

import dev.holdfast.model.MediaId;
import dev.holdfast.model.VolumeName;
import org.jspecify.annotations.Nullable;

/**
 * Which files to list.
 *
 * @param volume only those of this volume
 * @param prefix only those whose path starts so; needs a volume
 * @param selection which states
 * @param after only those after this one
 * @param limit how many at most, 1 to {@value #MOST}
 */
public record ListFilter(@Nullable VolumeName volume, String prefix, Selection selection, @Nullable MediaId after,
		int limit) {

	/** The largest page. */
	public static final int MOST = 1000;

	/**
	 * Checks the parts that types do not.
	 * @throws IllegalArgumentException where the limit is out of range, or there is a
	 * prefix and no volume
	 */
	public ListFilter {
		if (limit < 1 || limit > MOST) {
			throw new IllegalArgumentException("A page has 1 to " + MOST + " files, not " + limit);
		}
		if (!prefix.isEmpty() && volume == null) {
			throw new IllegalArgumentException("A prefix is a prefix of paths on one volume: name the volume");
		}
	}

	/** Which states to list. */
	public enum Selection {

		/** Every file that is not deleted. */
		KNOWN,

		/** Not reported on yet. */
		PENDING,

		/** The next attempt is due later. */
		RETRYING,

		/** In the store. */
		REPLICATED,

		/** No more attempts until a person redrives it. */
		DEAD_LETTERED,

		/** Deleted. */
		DELETED,

		/** Known as stored, and found absent by a scan. */
		MISSING,

		/** With other bytes than the recorded ones, as a scan found. */
		DAMAGED,

		/** With a change that was seen and is not recorded. */
		HELD

	}

}
