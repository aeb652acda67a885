package dev.holdfast.worker.store;

import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * An object as the store has it.
 *
 * @param key its key
 * @param size its length in bytes
 * @param etag its entity tag, without the quotes that HTTP puts around it
 * @param objectVersion its version id, where the bucket is versioned
 * @param metadata what Holdfast wrote beside it; {@code null} where someone else put it
 */
public record StoredObject(String key, long size, String etag, @Nullable String objectVersion,
		@Nullable ReplicaMetadata metadata) {

	/**
	 * Whether this is the very object that was seen before. Two puts of the same bytes
	 * have the same entity tag; their version ids differ, and where the bucket keeps none
	 * the versions of the media file.
	 */
	boolean isStill(StoredObject seen) {
		return this.etag.equals(seen.etag) && Objects.equals(this.objectVersion, seen.objectVersion)
				&& Objects.equals(this.metadata, seen.metadata);
	}

}
