package dev.holdfast.model;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * A {@link MediaDeleted} has been carried out on a store.
 *
 * @param id the media file
 * @param version the version of the delete
 * @param store the store
 * @param at when it was carried out
 * @param disposition what became of the replica
 * @param objectVersion the version id of the delete marker, where there is one
 */
public record ReplicaRemoved(MediaId id, Version version, StoreName store, Instant at, Disposition disposition,
		@Nullable String objectVersion) implements LedgerRecord {

	/** What became of the replica. */
	public enum Disposition {

		/** Hidden behind a delete marker; every version is still in the bucket. */
		DELETE_MARKER,

		/**
		 * Moved aside in a bucket that keeps no versions, until the grace time is over.
		 */
		TRASHED,

		/** Gone for good, from a bucket that keeps no versions. */
		REMOVED,

		/** Kept, because the volume's policy says so or because it is not Holdfast's. */
		KEPT,

		/** There was none. */
		ABSENT

	}

	/**
	 * Brings the time to the precision of the wire.
	 */
	public ReplicaRemoved {
		at = WireTime.of(at);
	}

}
