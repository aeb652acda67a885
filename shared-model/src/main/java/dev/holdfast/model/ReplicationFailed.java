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
 * @param reason what went wrong and, where there is something to do, what; cut to
 * {@value #LONGEST_REASON} characters, control characters escaped, since stores put whole
 * documents into their errors and a record has to be readable again
 * @param attempts how many attempts have been made so far
 * @param nextAttempt when the next one is due; absent for a dead letter
 */
public record ReplicationFailed(MediaId id, Version version, StoreName store, Instant at, FailureClass failureClass,
		String reason, int attempts, @Nullable Instant nextAttempt) implements LedgerRecord {

	/** The longest reason, in characters. */
	public static final int LONGEST_REASON = 2_000;

	/**
	 * Checks the parts that types do not.
	 * @throws IllegalArgumentException where attempts is negative
	 */
	public ReplicationFailed {
		if (attempts < 0) {
			throw new IllegalArgumentException("Attempts cannot be negative: " + attempts);
		}
		reason = Printable.of(reason, LONGEST_REASON);
		at = WireTime.of(at);
		nextAttempt = (nextAttempt == null) ? null : WireTime.of(nextAttempt);
	}

	/**
	 * Whether no more attempts will be made until a person redrives it.
	 */
	public boolean isDeadLetter() {
		return this.nextAttempt == null;
	}

}
