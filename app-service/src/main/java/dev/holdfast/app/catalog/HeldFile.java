package dev.holdfast.app.catalog;

import java.time.Instant;

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
 * @param order where it comes in a listing
 */
public record HeldFile(MediaId id, ChangeKind kind, State state, Instant at, @Nullable FileStamp stamp, long order) {

	/** Whether someone has decided. */
	public enum State {

		/** Nobody has. */
		WAITING,

		/** It is to be recorded, and will be soon. */
		APPROVED,

		/** It is not to be recorded, as long as the file stays as it is. */
		REJECTED

	}

}
