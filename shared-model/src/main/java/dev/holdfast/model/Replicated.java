package dev.holdfast.model;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * The exact bytes of this version are in the store: it accepted them under their digest.
 *
 * @param id the media file
 * @param version the version that was replicated
 * @param store the store that has it
 * @param at when the store confirmed it
 * @param bucket the bucket it is in
 * @param objectKey its key there
 * @param objectVersion the object's version id, where the bucket is versioned
 * @param etag the entity tag that the store gave it
 * @param size its length in bytes
 * @param digest the SHA-256 of its bytes
 * @param attempts how many attempts it took, 1 or more; 0 where the replica was already
 * there
 */
public record Replicated(MediaId id, Version version, StoreName store, Instant at, String bucket, String objectKey,
		@Nullable String objectVersion, String etag, long size, Digest digest, int attempts) implements LedgerRecord {

	/**
	 * Checks the parts that types do not.
	 * @throws IllegalArgumentException where a number is negative
	 */
	public Replicated {
		if (size < 0 || attempts < 0) {
			throw new IllegalArgumentException("Size and attempts cannot be negative: " + size + ", " + attempts);
		}
		at = WireTime.of(at);
	}

}
