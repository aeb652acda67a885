package dev.holdfast.worker.retry;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;

import io.github.resilience4j.core.IntervalFunction;
import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryConfig;

/**
 * A few attempts in place for passing faults, with exponential backoff and full jitter.
 * The only layer that retries these: the SDK's and the binder's own retries are off.
 */
public final class InPlaceRetry {

	private final Retry retry;

	/**
	 * Attempts as the properties say.
	 */
	public InPlaceRetry(RetryProperties properties) {
		this.retry = Retry.of("in-place",
				RetryConfig.custom()
					.maxAttempts(properties.attempts())
					.intervalFunction(fullJitter(properties.initialDelay(), properties.maxDelay()))
					.retryOnException(Failure::isTransient)
					.build());
	}

	/**
	 * Calls, and calls again after a passing fault.
	 * @throws Exception what the last attempt threw
	 */
	public <T> T call(Callable<T> attempt) throws Exception {
		return this.retry.executeCallable(attempt);
	}

	/**
	 * Evenly drawn from zero to a bound that doubles: of all schemes the one that spreads
	 * callers best which failed at the same moment.
	 */
	static IntervalFunction fullJitter(Duration initial, Duration max) {
		return (attempt) -> ThreadLocalRandom.current().nextLong(bound(initial, max, attempt) + 1);
	}

	static long bound(Duration initial, Duration max, int attempt) {
		Duration grown = initial;
		for (int doublings = 1; doublings < attempt && grown.compareTo(max) < 0; doublings++) {
			grown = grown.multipliedBy(2);
		}
		return Math.min(grown.toMillis(), max.toMillis());
	}

}
