package dev.holdfast.app.catalog;

import java.time.Instant;

import dev.holdfast.model.Digest;
import dev.holdfast.model.MediaId;
import org.jspecify.annotations.Nullable;

/**
 * A change of a file that was seen and not recorded.
 *
 * @param id the file
 * @param kind what was seen
 * @param state whether someone has decided
 * @param at when it was seen
 * @param stamp what the file system said of an overwritten file
 * @param digest the bytes of an overwritten file; {@code null} where it was held by a
 * version of Holdfast that did not remember them
 * @param order where it comes in a listing
 * @param sequence where it comes in the order in which changes were held
 */
public record HeldFile(MediaId id, ChangeKind kind, State state, Instant at, @Nullable FileStamp stamp,
		@Nullable Digest digest, long order, long sequence) {

	/**
	 * Whether the file still has the bytes that were held, whatever has become of its
	 * owner, its links and its place on the disk.
	 * @param now what the file system says of it
	 * @param found the digest of its bytes
	 */
	public boolean isOf(FileStamp now, Digest found) {
		if (this.digest != null) {
			return this.digest.equals(found);
		}
		return this.stamp != null && this.stamp.size() == now.size()
				&& this.stamp.modifiedNanos() == now.modifiedNanos();
	}

	/** Whether someone has decided. */
	public enum State {

		/** Nobody has. */
		WAITING,

		/** It is to be recorded, and will be soon. */
		APPROVED,

		/** It is not to be recorded, as long as the file has these bytes. */
		REJECTED

	}

}
