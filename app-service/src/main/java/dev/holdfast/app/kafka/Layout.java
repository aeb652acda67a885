package dev.holdfast.app.kafka;

import java.util.Map;

import org.apache.kafka.common.Uuid;

/**
 * Which topics there are, of which cluster. Two of them are equal where no topic was made
 * anew and none has got more partitions.
 *
 * @param clusterId the cluster's id
 * @param topics the topics that are there, by name
 */
public record Layout(String clusterId, Map<String, Topic> topics) {

	/**
	 * Copies the map.
	 */
	public Layout {
		topics = Map.copyOf(topics);
	}

	/**
	 * A topic.
	 *
	 * @param id its id, which a topic of the same name that is made anew does not get
	 * @param partitions how many partitions it has
	 */
	public record Topic(Uuid id, int partitions) {

	}

}
