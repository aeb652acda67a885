package dev.holdfast.worker.retry;

import java.util.concurrent.CompletableFuture;

import dev.holdfast.model.StoreName;
import dev.holdfast.model.Topics;
import dev.holdfast.worker.kafka.Publisher;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * The delayed retry lane of one store: a topic, so that what waits survives restarts and
 * waits in nobody's way.
 */
public final class RetryLane {

	private final StoreName store;

	private final Publisher publisher;

	/**
	 * The lane of a store.
	 */
	public RetryLane(StoreName store, Publisher publisher) {
		this.store = store;
		this.publisher = publisher;
	}

	/**
	 * Puts an event into the lane.
	 * @param key the event's record key
	 * @param value the event as it was read
	 * @param state when it is due and what has been tried
	 * @param reason why it failed
	 * @return completes when it is in the lane
	 */
	public CompletableFuture<Void> add(byte[] key, byte[] value, RetryState state, String reason) {
		ProducerRecord<byte[], byte[]> message = new ProducerRecord<>(Topics.RETRIES, key, value);
		RetryHeaders.put(message.headers(), RetryHeaders.STORE, this.store.value());
		RetryHeaders.put(message.headers(), RetryHeaders.REASON, reason);
		RetryHeaders.write(message.headers(), state);
		return this.publisher.publish(message);
	}

}
