package dev.holdfast.worker.kafka;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How Holdfast's topics are created where they are missing.
 *
 * @param replicationFactor how many brokers keep each record; -1 for the cluster's
 * default
 */
@ConfigurationProperties("holdfast.kafka")
public record KafkaTopicsProperties(@DefaultValue("-1") int replicationFactor) {

	/**
	 * Checks the range.
	 * @throws IllegalArgumentException with the property's name and range
	 */
	public KafkaTopicsProperties {
		if (replicationFactor != -1 && (replicationFactor < 1 || replicationFactor > Short.MAX_VALUE)) {
			throw new IllegalArgumentException("holdfast.kafka.replication-factor must be -1, or 1 or more");
		}
	}

}
