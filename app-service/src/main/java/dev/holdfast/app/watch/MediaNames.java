package dev.holdfast.app.watch;

import dev.holdfast.app.volume.Volume;
import dev.holdfast.model.InvalidMediaPathException;
import dev.holdfast.model.MediaId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which names on a volume are media files' or lead to some. Used by one thread.
 */
final class MediaNames {

	private static final Logger LOG = LoggerFactory.getLogger(MediaNames.class);

	private final Volume volume;

	private final WatchCounts counts;

	private String last = "";

	private long refusals;

	private boolean directories;

	MediaNames(Volume volume, WatchCounts counts) {
		this.volume = volume;
		this.counts = counts;
	}

	/**
	 * Whether a file of this path is looked after.
	 */
	boolean covers(String path) {
		return isLookedFor(path, false) && isValid(path);
	}

	/**
	 * Whether anything below this directory may be looked after.
	 */
	boolean mayCover(String directory) {
		if (!isLookedFor(directory, true)) {
			return false;
		}
		boolean valid = isValid(directory);
		this.directories |= !valid;
		return valid;
	}

	/**
	 * Whether the rules let this be looked after, where its name is one that a media file
	 * can have.
	 */
	boolean isLookedFor(String path, boolean directory) {
		return directory ? this.volume.rules().mayCover(path) : this.volume.rules().covers(path);
	}

	/**
	 * How often a name was refused that the rules let be looked after.
	 */
	long refusals() {
		return this.refusals;
	}

	/**
	 * Whether directories were refused, so that nobody sees what goes into them.
	 */
	boolean refusedDirectories() {
		return this.directories;
	}

	/**
	 * Refuses a name that is not UTF-8.
	 * @param mayBeDirectory whether it is a directory's, as far as that is known
	 */
	void refuseIn(String directory, boolean mayBeDirectory) {
		this.directories |= mayBeDirectory;
		refuse(directory, "a name in it is not UTF-8: rename it");
	}

	/**
	 * Counts and tells of a name that no media file can have.
	 * @param where the path, or the directory that it is in
	 */
	private void refuse(String where, String why) {
		this.refusals++;
		if (where.equals(this.last)) {
			// Several events of one name.
			return;
		}
		this.last = where;
		this.counts.refusedNames.increment();
		LOG.atWarn()
			.addKeyValue("media", this.volume.name() + "/" + where)
			.addKeyValue("reason", why)
			.log("Left out by the watcher");
	}

	private boolean isValid(String path) {
		try {
			return new MediaId(this.volume.name(), path).path().equals(path);
		}
		catch (InvalidMediaPathException ex) {
			refuse(path, String.valueOf(ex.getMessage()));
			return false;
		}
	}

}
