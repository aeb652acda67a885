package dev.holdfast.worker.retry;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Decides when, and whether at all, an event that failed is tried again.
 */
public final class RetryPlan {

	private final RetryProperties properties;

	private final UnaryOperator<Duration> jitter;

	/**
	 * A plan.
	 * @param jitter spreads a delay, so that what failed together does not come back
	 * together
	 */
	public RetryPlan(RetryProperties properties, UnaryOperator<Duration> jitter) {
		this.properties = properties;
		this.jitter = jitter;
	}

	/**
	 * The state in which the event goes back into the lane; empty where it is to be a
	 * dead letter.
	 * @param before its state before the round that failed
	 * @param attempts how many attempts that round made
	 * @param failure how it failed
	 */
	public Optional<RetryState> next(RetryState before, int attempts, Failure failure, Instant now) {
		int rounds = before.rounds() + 1;
		Instant firstFailure = (before.rounds() == 0) ? now : before.firstFailure();
		boolean spent = failure.missing() ? rounds >= this.properties.vanishedAttempts()
				: budgetSpent(rounds, firstFailure, now);
		if (spent) {
			return Optional.empty();
		}
		int step = Math.min(rounds, this.properties.laneDelays().size()) - 1;
		Duration delay = this.jitter.apply(this.properties.laneDelays().get(step));
		return Optional
			.of(new RetryState(rounds, before.attempts() + attempts, firstFailure, now.plus(delay), before.origin()));
	}

	/**
	 * Time alone does not do: an event that waited out an outage in the lane has not been
	 * tried in all that time.
	 */
	private boolean budgetSpent(int rounds, Instant firstFailure, Instant now) {
		return rounds > this.properties.laneDelays().size()
				&& !now.isBefore(firstFailure.plus(this.properties.budget()));
	}

}
