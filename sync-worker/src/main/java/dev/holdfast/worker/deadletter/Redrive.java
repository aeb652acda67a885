package dev.holdfast.worker.deadletter;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import dev.holdfast.model.CloudEventCodec;
import dev.holdfast.model.FailureClass;
import dev.holdfast.model.MediaEvent;
import dev.holdfast.model.ReplicationFailed;
import dev.holdfast.model.StoreName;
import dev.holdfast.model.Topics;
import dev.holdfast.worker.retry.RetryHeaders;
import dev.holdfast.worker.retry.RetryState;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Lists the dead letters of a store and sends them round again: each goes back into the
 * retry lane as if it had never been tried, and when it is there its letter is removed.
 * Killed in between, a letter may be both; redriving it again then is harmless.
 * <p>
 * Needs nothing but a broker, no running worker.
 */
public final class Redrive {

	private static final Duration TIMEOUT = Duration.ofSeconds(15);

	private static final String REDRIVEN = "redriven by hand";

	private final CloudEventCodec codec = new CloudEventCodec();

	private final Map<String, Object> properties;

	private final StoreName store;

	private final Clock clock;

	/**
	 * Works on the dead letters of a store.
	 * @param clientProperties how brokers are reached, in Kafka's names
	 */
	public Redrive(Map<String, Object> clientProperties, StoreName store, Clock clock) {
		this.properties = new HashMap<>(clientProperties);
		this.properties.put("request.timeout.ms", (int) TIMEOUT.toMillis());
		this.properties.put("default.api.timeout.ms", (int) TIMEOUT.toMillis());
		this.properties.put("max.block.ms", (int) TIMEOUT.toMillis());
		this.store = store;
		this.clock = clock;
	}

	/**
	 * The dead letters of the store, the oldest first.
	 * @throws KafkaException where the broker does not answer
	 */
	public List<DeadLetter> list() {
		Map<String, DeadLetter> letters = new LinkedHashMap<>();
		Map<String, Object> consuming = new HashMap<>(this.properties);
		consuming.remove("max.block.ms");
		consuming.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
		consuming.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
		try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(consuming, new ByteArrayDeserializer(),
				new ByteArrayDeserializer())) {
			List<TopicPartition> partitions = consumer.partitionsFor(Topics.DEAD_LETTERS)
				.stream()
				.map((info) -> new TopicPartition(info.topic(), info.partition()))
				.toList();
			consumer.assign(partitions);
			consumer.seekToBeginning(partitions);
			Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
			while (partitions.stream().anyMatch((p) -> consumer.position(p) < ends.getOrDefault(p, 0L))) {
				consumer.poll(Duration.ofMillis(200)).forEach((message) -> note(letters, message));
			}
		}
		return List.copyOf(letters.values());
	}

	private void note(Map<String, DeadLetter> letters, ConsumerRecord<byte[], byte[]> message) {
		if (message.key() == null) {
			return;
		}
		String key = new String(message.key(), StandardCharsets.UTF_8);
		letters.remove(key);
		if (message.value() != null && key.startsWith(this.store + "/")) {
			letters.put(key, new DeadLetter(message));
		}
	}

	/**
	 * Sends letters round again.
	 * @return those that were sent; a truncated one cannot be
	 * @throws KafkaException where the broker does not take them; what had been sent by
	 * then is no dead letter any more
	 */
	public List<DeadLetter> redrive(List<DeadLetter> letters) {
		List<DeadLetter> sent = new ArrayList<>();
		Map<String, Object> producing = new HashMap<>(this.properties);
		producing.remove("default.api.timeout.ms");
		producing.put(ProducerConfig.ACKS_CONFIG, "all");
		producing.put(ProducerConfig.LINGER_MS_CONFIG, 0);
		producing.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, (int) TIMEOUT.multipliedBy(2).toMillis());
		try (Producer<byte[], byte[]> producer = new KafkaProducer<>(producing, new ByteArraySerializer(),
				new ByteArraySerializer())) {
			for (DeadLetter letter : letters) {
				if (!letter.isTruncated()) {
					redrive(producer, letter);
					sent.add(letter);
				}
			}
		}
		return sent;
	}

	/**
	 * The ledger first: later, it might overtake the worker's word that the event has
	 * been replicated.
	 */
	private void redrive(Producer<byte[], byte[]> producer, DeadLetter letter) {
		Instant now = this.clock.instant();
		if (letter.event().isPresent()) {
			MediaEvent.OfFile event = letter.event().get();
			ReplicationFailed waits = new ReplicationFailed(event.id(), event.version(), this.store, now,
					FailureClass.STUBBORN, REDRIVEN + ", before: " + letter.reason(), 0, now);
			await(producer, Topics.REPLICAS, waits.key(), this.codec.encode(waits), null);
		}
		byte[] key = letter.event().map(MediaEvent.OfFile::key).orElseGet(letter::key);
		await(producer, Topics.RETRIES, key, letter.value(), RetryState.fresh(letter.origin(), now));
		await(producer, Topics.DEAD_LETTERS, letter.key(), null, null);
	}

	@SuppressWarnings("NullAway") // a tombstone has no value
	private void await(Producer<byte[], byte[]> producer, String topic, byte[] key, byte @Nullable [] value,
			@Nullable RetryState state) {
		ProducerRecord<byte[], byte[]> message = new ProducerRecord<>(topic, key, value);
		if (state != null) {
			RetryHeaders.put(message.headers(), RetryHeaders.STORE, this.store.value());
			RetryHeaders.put(message.headers(), RetryHeaders.REASON, REDRIVEN);
			RetryHeaders.write(message.headers(), state);
		}
		try {
			producer.send(message).get(TIMEOUT.multipliedBy(2).toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (ExecutionException | TimeoutException ex) {
			throw new KafkaException("Writing to " + topic + " failed: " + ex.getMessage(), ex);
		}
		catch (InterruptedException ex) {
			throw new InterruptException(ex);
		}
	}

}
