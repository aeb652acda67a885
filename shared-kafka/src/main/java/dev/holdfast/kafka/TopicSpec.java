package dev.holdfast.kafka;

import java.util.Map;

/**
 * What a topic has to be like.
 *
 * @param name its name
 * @param partitions how many partitions it has when Holdfast creates it
 * @param config its settings, by Kafka's names; durations ({@code *.ms}) are the least
 * that will do
 */
public record TopicSpec(String name, int partitions, Map<String, String> config) {

	/** As a duration: for ever. */
	static final String UNLIMITED = "-1";

	/**
	 * Keeps a copy of the settings.
	 */
	public TopicSpec {
		config = Map.copyOf(config);
	}

}
