package dev.holdfast.app.catalog;

import java.time.Instant;

import dev.holdfast.model.FailureClass;
import dev.holdfast.model.ReplicaRemoved;
import dev.holdfast.model.StoreName;
import dev.holdfast.model.Version;
import org.jspecify.annotations.Nullable;

/**
 * What a store last reported of a file.
 *
 * @param store the store
 * @param state how far it had come with that version
 * @param version the version that the report is about, not always the file's latest
 * @param bucket the bucket of the replica
 * @param objectKey its key there
 * @param objectVersion its version id, where the bucket is versioned
 * @param etag its entity tag
 * @param at when the report was made
 * @param attempts how many attempts had been made, 0 where the replica was already there
 * @param failureClass what kind of failure the last one was
 * @param reason what went wrong
 * @param nextAttempt when the next attempt is due
 * @param disposition what became of the replica of a deleted file
 */
public record ReplicaStatus(StoreName store, ReplicaState state, Version version, @Nullable String bucket,
		@Nullable String objectKey, @Nullable String objectVersion, @Nullable String etag, Instant at,
		@Nullable Integer attempts, @Nullable FailureClass failureClass, @Nullable String reason,
		@Nullable Instant nextAttempt, ReplicaRemoved.@Nullable Disposition disposition) {

}
