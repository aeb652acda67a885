package dev.holdfast.worker.retry;

import java.time.Instant;

/**
 * What has been tried so far for an event, as it travels through the retry lane.
 *
 * @param rounds how often it has been through the lane
 * @param attempts how many attempts have been made
 * @param firstFailure when the first of them failed; for an event that has not failed,
 * any moment not after now
 * @param due when the next attempt is due
 * @param origin where the event was first read, as {@code topic-partition@offset}
 */
public record RetryState(int rounds, int attempts, Instant firstFailure, Instant due, String origin) {

	/**
	 * The state of an event that has not been tried.
	 */
	public static RetryState fresh(String origin, Instant now) {
		return new RetryState(0, 0, now, now, origin);
	}

}
