package dev.holdfast.worker.engine;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

import dev.holdfast.model.Topics;

import org.springframework.kafka.listener.AbstractMessageListenerContainer;

/**
 * The consumers of the topics, and whether they run. A binding goes on calling itself
 * running when its consumer has stopped for good, for example because another worker took
 * its place in the group; so the consumers themselves are asked.
 */
final class Readers {

	private final Map<String, AbstractMessageListenerContainer<?, ?>> byTopic = new ConcurrentHashMap<>();

	/**
	 * A consumer was made; it takes the place of an earlier one of its topic.
	 */
	void add(String topic, AbstractMessageListenerContainer<?, ?> consumer) {
		this.byTopic.put(topic, consumer);
	}

	/**
	 * The topics that nobody reads; a consumer that is paused reads.
	 */
	List<String> unread() {
		return Stream.of(Topics.EVENTS, Topics.RETRIES).filter((topic) -> !isRead(topic)).toList();
	}

	private boolean isRead(String topic) {
		AbstractMessageListenerContainer<?, ?> consumer = this.byTopic.get(topic);
		return consumer != null && consumer.isRunning() && consumer.isChildRunning();
	}

}
