package dev.holdfast.worker.retry;

import java.time.Duration;
import java.util.List;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How often, and for how long, a replication that fails is tried again.
 *
 * @param attempts attempts in place, the first one included
 * @param initialDelay the longest wait before the second attempt; each wait is drawn
 * evenly from zero up to its bound, and the bound doubles
 * @param maxDelay the bound that the waits in place do not exceed
 * @param laneDelays how long an event waits in the retry lane before each of its rounds;
 * the last one repeats
 * @param budget for how long rounds are made, from the first failure on; after that, and
 * after every delay of the list was used once, the event is a dead letter
 * @param vanishedAttempts rounds that are made for a file that is missing on its volume;
 * by default over half an hour, as the event of its deletion waits for an app-service
 * that was killed
 * @param maxHeld how many events of the retry lane are held at a time until they are due
 */
@ConfigurationProperties("holdfast.retry")
public record RetryProperties(@DefaultValue("3") int attempts, @DefaultValue("200ms") Duration initialDelay,
		@DefaultValue("5s") Duration maxDelay, @DefaultValue( {
				"10s", "1m", "5m", "30m", "1h", "2h" }) List<Duration> laneDelays,
		@DefaultValue("24h") Duration budget, @DefaultValue("5") int vanishedAttempts,
		@DefaultValue("10000") int maxHeld){

	/**
	 * Checks the ranges.
	 * @throws IllegalArgumentException with the property's name and range
	 */
	public RetryProperties {
		laneDelays = List.copyOf(laneDelays);
		require(attempts >= 1, "attempts must be 1 or more");
		require(initialDelay.isPositive() && maxDelay.compareTo(initialDelay) >= 0,
				"initial-delay must be more than 0 and at most max-delay");
		require(!laneDelays.isEmpty() && laneDelays.stream().allMatch(Duration::isPositive),
				"lane-delays must list at least one delay of more than 0");
		require(budget.isPositive() && budget.compareTo(Duration.ofDays(6)) <= 0,
				"budget must be more than 0 and at most 6d");
		require(vanishedAttempts >= 1, "vanished-attempts must be 1 or more");
		require(maxHeld >= 1, "max-held must be 1 or more");
	}

	private static void require(boolean holds, String message) {
		if (!holds) {
			throw new IllegalArgumentException("holdfast.retry." + message);
		}
	}

}
