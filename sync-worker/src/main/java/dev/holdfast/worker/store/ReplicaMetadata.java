package dev.holdfast.worker.store;

import java.time.Instant;

import dev.holdfast.model.Digest;
import dev.holdfast.model.Version;
import org.jspecify.annotations.Nullable;

/**
 * What Holdfast writes beside the bytes of a replica, as the object's user metadata: what
 * fencing needs and what a restore brings back.
 *
 * @param version the version of the media file
 * @param digest the SHA-256 of the bytes
 * @param modified when the file was last modified
 * @param owner {@code uid:gid}, where known
 * @param mode permission bits, where known
 */
public record ReplicaMetadata(Version version, Digest digest, Instant modified, @Nullable String owner,
		@Nullable Integer mode) {

}
