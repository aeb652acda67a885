package dev.holdfast.worker.retry;

import java.time.Duration;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * When a store counts as away, and how its return is noticed.
 *
 * @param probeInterval the first wait between two probes of a store or volume that is
 * away; it grows
 * @param maxProbeInterval the longest wait between two probes
 * @param failureRate share of failed calls in percent, of those within the window, that
 * opens the circuit even though the probe passes
 * @param minimumCalls how many calls there must be within the window for the share to
 * count
 * @param window the window
 * @param trials how many events are tried when a probe has passed, before all go on
 */
@ConfigurationProperties("holdfast.outage")
public record OutageProperties(@DefaultValue("2s") Duration probeInterval,
		@DefaultValue("10s") Duration maxProbeInterval, @DefaultValue("50") int failureRate,
		@DefaultValue("20") int minimumCalls, @DefaultValue("60s") Duration window, @DefaultValue("4") int trials) {

	private static final Duration NEVER = Duration.ofDays(10_000);

	/**
	 * Checks the ranges.
	 * @throws IllegalArgumentException with the property's name and range
	 */
	public OutageProperties {
		require(probeInterval.isPositive() && maxProbeInterval.compareTo(probeInterval) >= 0,
				"probe-interval must be more than 0 and at most max-probe-interval");
		require(failureRate >= 1 && failureRate <= 100, "failure-rate must be from 1 to 100");
		require(minimumCalls >= 1, "minimum-calls must be 1 or more");
		require(window.toSeconds() >= 1, "window must be 1s or more");
		require(trials >= 1, "trials must be 1 or more");
	}

	/**
	 * A breaker by these properties. It never closes by itself: the gate has the probe
	 * for that.
	 */
	CircuitBreaker newBreaker(String name) {
		return CircuitBreaker.of(name,
				CircuitBreakerConfig.custom()
					.slidingWindow((int) this.window.toSeconds(), this.minimumCalls, SlidingWindowType.TIME_BASED)
					.failureRateThreshold(this.failureRate)
					.slowCallRateThreshold(100)
					.slowCallDurationThreshold(NEVER)
					.waitDurationInOpenState(NEVER)
					.permittedNumberOfCallsInHalfOpenState(this.trials)
					.build());
	}

	private static void require(boolean holds, String message) {
		if (!holds) {
			throw new IllegalArgumentException("holdfast.outage." + message);
		}
	}

}
