package dev.holdfast.it.harness;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

import dev.holdfast.model.CloudEventCodec;
import dev.holdfast.model.LedgerRecord;
import dev.holdfast.model.MalformedEventException;
import dev.holdfast.model.MediaEvent;
import dev.holdfast.model.MediaStored;
import dev.holdfast.model.Replicated;
import dev.holdfast.model.ReplicationFailed;
import dev.holdfast.model.Topics;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Holdfast's topics, as any Kafka client sees them.
 */
public final class EventLog {

	private static final Duration PATIENCE = Duration.ofMinutes(1);

	private final String bootstrapServers;

	private final CloudEventCodec codec = new CloudEventCodec();

	/**
	 * The topics of the broker at an address.
	 */
	public EventLog(String bootstrapServers) {
		this.bootstrapServers = bootstrapServers;
	}

	/**
	 * The broker's address.
	 */
	public String bootstrapServers() {
		return this.bootstrapServers;
	}

	/**
	 * Whether the broker answers.
	 */
	public boolean isUp() {
		try (Admin admin = admin(Duration.ofSeconds(3))) {
			return !admin.describeCluster().nodes().get(3, TimeUnit.SECONDS).isEmpty();
		}
		catch (ExecutionException | TimeoutException _) {
			return false;
		}
		catch (InterruptedException _) {
			Thread.currentThread().interrupt();
			return false;
		}
	}

	/**
	 * Every record that the topic holds now, from its beginning; in order within a
	 * partition.
	 */
	public List<ConsumerRecord<byte[], byte[]>> records(String topic) {
		Map<String, Object> configuration = new HashMap<>();
		configuration.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, this.bootstrapServers);
		configuration.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) PATIENCE.toMillis());
		List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
		try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(configuration, new ByteArrayDeserializer(),
				new ByteArrayDeserializer())) {
			List<TopicPartition> partitions = consumer.partitionsFor(topic)
				.stream()
				.map((info) -> new TopicPartition(topic, info.partition()))
				.toList();
			consumer.assign(partitions);
			consumer.seekToBeginning(partitions);
			Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
			while (!ends.entrySet().stream().allMatch((end) -> consumer.position(end.getKey()) >= end.getValue())) {
				consumer.poll(Duration.ofMillis(200)).forEach(records::add);
			}
		}
		return records;
	}

	/**
	 * Every event that can be read as one.
	 */
	public List<MediaEvent> events() {
		List<MediaEvent> events = new ArrayList<>();
		for (ConsumerRecord<byte[], byte[]> published : records(Topics.EVENTS)) {
			try {
				events.add(this.codec.decodeEvent(published.value()));
			}
			catch (MalformedEventException _) {
				// Some tests publish such on purpose.
			}
		}
		return events;
	}

	/**
	 * The events that say that a file was stored.
	 */
	public List<MediaStored> stored() {
		return only(events(), MediaStored.class);
	}

	/**
	 * Every ledger record.
	 */
	public List<LedgerRecord> ledger() {
		List<LedgerRecord> ledger = new ArrayList<>();
		for (ConsumerRecord<byte[], byte[]> published : records(Topics.REPLICAS)) {
			try {
				ledger.add(this.codec.decodeLedger(published.value()));
			}
			catch (MalformedEventException ex) {
				throw new AssertionError("The ledger holds what is no ledger record, at offset " + published.offset()
						+ " of partition " + published.partition(), ex);
			}
		}
		return ledger;
	}

	/**
	 * The ledger records that say that bytes are in the store.
	 */
	public List<Replicated> replicated() {
		return only(ledger(), Replicated.class);
	}

	/**
	 * The ledger records that say that an attempt failed.
	 */
	public List<ReplicationFailed> failed() {
		return only(ledger(), ReplicationFailed.class);
	}

	/**
	 * The dead letters that nobody has redriven.
	 */
	public List<ConsumerRecord<byte[], byte[]>> deadLetters() {
		return records(Topics.DEAD_LETTERS).stream().filter((letter) -> letter.value() != null).toList();
	}

	/**
	 * The offsets up to which a consumer group has confirmed a topic.
	 */
	public Map<Integer, Long> committed(String group, String topic) {
		try (Admin admin = admin(PATIENCE)) {
			Map<TopicPartition, OffsetAndMetadata> offsets = admin.listConsumerGroupOffsets(group)
				.partitionsToOffsetAndMetadata()
				.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
			return offsets.entrySet()
				.stream()
				.filter((entry) -> entry.getKey().topic().equals(topic) && entry.getValue() != null)
				.collect(Collectors.toMap((entry) -> entry.getKey().partition(), (entry) -> entry.getValue().offset()));
		}
		catch (ExecutionException | TimeoutException ex) {
			throw new AssertionError("Could not read the offsets of group " + group, ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new AssertionError("Interrupted while reading the offsets of group " + group, ex);
		}
	}

	/**
	 * The names of all topics.
	 */
	public Collection<String> topics() {
		try (Admin admin = admin(PATIENCE)) {
			return admin.listTopics().names().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
		}
		catch (ExecutionException | TimeoutException ex) {
			throw new AssertionError("Could not list the topics", ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new AssertionError("Interrupted while listing the topics", ex);
		}
	}

	/**
	 * Publishes a record with a plain producer and waits for its acknowledgement.
	 */
	public RecordMetadata publish(String topic, byte[] key, byte[] value) {
		return publish(new ProducerRecord<>(topic, key, value));
	}

	/**
	 * Publishes a record without a value, and waits for its acknowledgement.
	 */
	public RecordMetadata publishTombstone(String topic, byte[] key) {
		return publish(new ProducerRecord<>(topic, key, null));
	}

	private RecordMetadata publish(ProducerRecord<byte[], byte[]> published) {
		Map<String, Object> configuration = new HashMap<>();
		configuration.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, this.bootstrapServers);
		try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(configuration, new ByteArraySerializer(),
				new ByteArraySerializer())) {
			return Objects.requireNonNull(producer.send(published).get(PATIENCE.toSeconds(), TimeUnit.SECONDS));
		}
		catch (ExecutionException | TimeoutException ex) {
			throw new AssertionError("Could not publish to " + published.topic(), ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new AssertionError("Interrupted while publishing to " + published.topic(), ex);
		}
	}

	private Admin admin(Duration patience) {
		return Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, this.bootstrapServers,
				AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) patience.toMillis(),
				AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) patience.toMillis()));
	}

	private static <T> List<T> only(List<?> all, Class<T> type) {
		return all.stream().filter(type::isInstance).map(type::cast).toList();
	}

}
