package dev.holdfast.worker.store;

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

}
