package dev.holdfast.worker.store;

import dev.holdfast.model.Digest;

/**
 * What is to be put, and on which condition.
 *
 * @param key the object key
 * @param size the content's length in bytes
 * @param digest the SHA-256 of the content
 * @param contentType its media type
 * @param metadata what Holdfast writes beside it
 * @param condition what must hold for the put to happen
 */
public record PutRequest(String key, long size, Digest digest, String contentType, ReplicaMetadata metadata,
		PutCondition condition) {

}
