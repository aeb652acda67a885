package dev.holdfast.worker.engine;

import java.time.Duration;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * How much is replicated at a time.
 *
 * @param smallConcurrency how many small files, and deletes, at a time
 * @param largeConcurrency how many large files at a time, beside the small ones
 * @param largeThreshold files of more bytes than this are large: never held in memory
 * @param maxInFlight how many events are taken from the topic before it waits; it goes on
 * when a quarter of them is done
 * @param maxInFlightBytes how many bytes of small files are in memory at a time
 * @param revokeGrace how long files in work may take to finish when their partition moves
 * to another worker, before they are interrupted
 * @param drainTimeout how long small files in work may take to finish when the worker
 * stops
 */
@ConfigurationProperties("holdfast.replication")
public record ReplicationProperties(@DefaultValue("32") int smallConcurrency, @DefaultValue("4") int largeConcurrency,
		@DefaultValue("8MB") DataSize largeThreshold, @DefaultValue("2000") int maxInFlight,
		@DefaultValue("64MB") DataSize maxInFlightBytes, @DefaultValue("5s") Duration revokeGrace,
		@DefaultValue("15s") Duration drainTimeout) {

	/**
	 * Checks the ranges.
	 * @throws IllegalArgumentException with the property's name and range
	 */
	public ReplicationProperties {
		require(smallConcurrency >= 1, "small-concurrency must be 1 or more");
		require(largeConcurrency >= 1, "large-concurrency must be 1 or more");
		require(largeThreshold.toBytes() >= 0 && largeThreshold.compareTo(maxInFlightBytes) <= 0,
				"large-threshold must be at most max-in-flight-bytes");
		require(maxInFlightBytes.compareTo(DataSize.ofGigabytes(2)) < 0, "max-in-flight-bytes must be below 2GB");
		require(maxInFlight >= 1, "max-in-flight must be 1 or more");
		require(!revokeGrace.isNegative() && revokeGrace.compareTo(Duration.ofMinutes(1)) <= 0,
				"revoke-grace must be from 0 to 1m, as the other workers wait for it");
		require(!drainTimeout.isNegative(), "drain-timeout must not be negative");
	}

	private static void require(boolean holds, String message) {
		if (!holds) {
			throw new IllegalArgumentException("holdfast.replication." + message);
		}
	}

}
