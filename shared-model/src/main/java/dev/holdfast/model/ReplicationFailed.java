package dev.holdfast.model;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * Replication of this version has not succeeded so far: it waits for its next attempt, or
 * is a dead letter.
 *
 * @param id the media file
 * @param version the version that was to be replicated
 * @param store the store it was to go to
 * @param at when it failed
 * @param failureClass which kind of failure it was
 * @param reason what went wrong and, where there is something to do, what
 * @param attempts how many attempts have been made so far
 * @param nextAttempt when the next one is due; absent for a dead letter
 */
public record ReplicationFailed(MediaId id, Version version, StoreName store, Instant at, FailureClass failureClass,
		String reason, int attempts, @Nullable Instant nextAttempt) implements LedgerRecord {

	/**
	 * Checks the parts that types do not.
	 * @throws IllegalArgumentException where attempts is negative
	 */
	public ReplicationFailed {
		if (attempts < 0) {
			throw new IllegalArgumentException("Attempts cannot be negative: " + attempts);
		}
		at = Instant.ofEpochMilli(at.toEpochMilli());
		nextAttempt = (nextAttempt == null) ? null : Instant.ofEpochMilli(nextAttempt.toEpochMilli());
	}

	/**
	 * Whether no more attempts will be made until a person redrives it.
	 */
	public boolean isDeadLetter() {
		return this.nextAttempt == null;
	}

}
