package dev.holdfast.worker.engine;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.holdfast.broker.KafkaBroker;
import dev.holdfast.kafka.OwnedTopics;
import dev.holdfast.model.CloudEventCodec;
import dev.holdfast.model.LedgerRecord;
import dev.holdfast.model.MalformedEventException;
import dev.holdfast.model.MediaEvent;
import dev.holdfast.model.Topics;
import dev.holdfast.worker.SyncWorker;
import dev.holdfast.worker.store.ObjectStore;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Whole workers on a real broker, with a store of the test's.
 */
final class WorkerHarness implements AutoCloseable {

	private static final String GROUP = "holdfast-replicate.primary";

	private static final List<String> TOPICS = List.of(Topics.EVENTS, Topics.REPLICAS, Topics.RETRIES,
			Topics.DEAD_LETTERS);

	private final CloudEventCodec codec = new CloudEventCodec();

	private final Path data;

	private final List<ConfigurableApplicationContext> workers = new ArrayList<>();

	private KafkaBroker broker;

	private boolean brokerRuns = true;

	private final KafkaProducer<byte[], byte[]> producer;

	WorkerHarness(Path data) {
		this.data = data;
		this.broker = KafkaBroker.start(data, 0);
		this.producer = new KafkaProducer<>(Map.of("bootstrap.servers", bootstrap(), "linger.ms", 0),
				new ByteArraySerializer(), new ByteArraySerializer());
	}

	String bootstrap() {
		return this.broker.bootstrapServers();
	}

	static ConditionFactory soon() {
		return Awaitility.await().atMost(Duration.ofMinutes(2)).pollInterval(Duration.ofMillis(50));
	}

	/**
	 * Starts a worker with short delays.
	 * @param settings what else it is to be set to, as {@code name=value}
	 */
	ConfigurableApplicationContext start(ObjectStore store, Path volume, String... settings) {
		Stream<String> base = Stream.of("spring.kafka.bootstrap-servers=" + bootstrap(), "server.port=0",
				"spring.kafka.listener.poll-timeout=200ms", "holdfast.volumes.media=" + volume,
				"holdfast.store.bucket=holdfast", "holdfast.retry.initial-delay=1ms", "holdfast.retry.max-delay=5ms",
				"holdfast.retry.lane-delays=300ms", "holdfast.outage.probe-interval=100ms",
				"holdfast.outage.max-probe-interval=200ms", "holdfast.replication.revoke-grace=1s",
				"holdfast.replication.drain-timeout=2s", "holdfast.api.token=secret-token-of-the-test",
				"spring.kafka.consumer.properties.metadata.max.age.ms=1000");
		ConfigurableApplicationContext context = SyncWorker.application()
			.initializers((ApplicationContextInitializer<GenericApplicationContext>) (candidate) -> candidate
				.registerBean("objectStore", ObjectStore.class, () -> store))
			.run(Stream.concat(base, Arrays.stream(settings))
				.collect(Collectors.toMap((setting) -> setting.substring(0, setting.indexOf('=')), Function.identity(),
						(_, later) -> later))
				.values()
				.stream()
				.map((setting) -> "--" + setting)
				.toArray(String[]::new));
		this.workers.add(context);
		return context;
	}

	static void awaitConsuming(ConfigurableApplicationContext worker) {
		soon().until(() -> worker.getBean(EngineLifecycle.class).isConsuming());
	}

	void stop(ConfigurableApplicationContext worker) {
		worker.close();
		this.workers.remove(worker);
	}

	/**
	 * Closes the workers and forgets the topics, for the next test.
	 */
	void reset() {
		List.copyOf(this.workers).forEach(this::stop);
		if (!this.brokerRuns) {
			startBroker();
		}
		try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap()))) {
			admin.deleteTopics(TOPICS).all().get();
			soon().until(() -> admin.listTopics().names().get().stream().noneMatch(TOPICS::contains));
			soon().ignoreExceptions().until(() -> {
				admin.deleteConsumerGroups(List.of(GROUP)).all().get();
				return true;
			});
		}
		catch (InterruptedException | ExecutionException ex) {
			throw new AssertionError(ex);
		}
	}

	/**
	 * Creates the topics, where a test needs them before a worker does.
	 */
	void createTopics() {
		try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap()))) {
			assertThat(new OwnedTopics(admin, -1, Duration.ofSeconds(20)).createAndCheck()).isEmpty();
		}
	}

	void stopBroker() {
		this.broker.close();
		this.brokerRuns = false;
	}

	void startBroker() {
		this.broker = KafkaBroker.start(this.data, this.broker.port());
		this.brokerRuns = true;
	}

	void publish(MediaEvent event) {
		publish(Topics.EVENTS, event.key(), this.codec.encode(event));
	}

	void publish(String topic, byte[] key, byte[] value) {
		try {
			this.producer.send(new ProducerRecord<>(topic, key, value)).get();
		}
		catch (InterruptedException | ExecutionException ex) {
			throw new AssertionError(ex);
		}
	}

	/**
	 * Publishes to the partition of a test's choice.
	 */
	void publishTo(int partition, MediaEvent event) {
		try {
			this.producer.send(new ProducerRecord<>(Topics.EVENTS, partition, event.key(), this.codec.encode(event)))
				.get();
		}
		catch (InterruptedException | ExecutionException ex) {
			throw new AssertionError(ex);
		}
	}

	List<LedgerRecord> ledger() {
		return read(Topics.REPLICAS).stream().map((entry) -> {
			try {
				return this.codec.decodeLedger(entry.value());
			}
			catch (MalformedEventException ex) {
				throw new AssertionError(ex);
			}
		}).toList();
	}

	/**
	 * All records of a topic, from its beginning to its end.
	 */
	List<ConsumerRecord<byte[], byte[]>> read(String topic) {
		try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(Map.of("bootstrap.servers", bootstrap()),
				new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
			List<TopicPartition> partitions = consumer.partitionsFor(topic)
				.stream()
				.map((info) -> new TopicPartition(topic, info.partition()))
				.toList();
			consumer.assign(partitions);
			consumer.seekToBeginning(partitions);
			Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
			List<ConsumerRecord<byte[], byte[]>> found = new ArrayList<>();
			while (partitions.stream().anyMatch((p) -> consumer.position(p) < ends.getOrDefault(p, 0L))) {
				consumer.poll(Duration.ofMillis(100)).forEach(found::add);
			}
			return found;
		}
	}

	/**
	 * How many records of the events are not committed yet.
	 */
	long uncommitted() {
		try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap()));
				KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(Map.of("bootstrap.servers", bootstrap()),
						new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
			Map<TopicPartition, OffsetAndMetadata> committed = admin.listConsumerGroupOffsets(GROUP)
				.partitionsToOffsetAndMetadata()
				.get();
			Collection<TopicPartition> partitions = consumer.partitionsFor(Topics.EVENTS)
				.stream()
				.map((info) -> new TopicPartition(Topics.EVENTS, info.partition()))
				.toList();
			Map<TopicPartition, Long> ends = new HashMap<>(consumer.endOffsets(partitions));
			return ends.entrySet().stream().mapToLong((end) -> {
				OffsetAndMetadata offset = committed.get(end.getKey());
				return end.getValue() - ((offset != null) ? offset.offset() : 0);
			}).sum();
		}
		catch (InterruptedException | ExecutionException ex) {
			throw new AssertionError(ex);
		}
	}

	static double done(ConfigurableApplicationContext worker, String outcome) {
		return worker.getBean(MeterRegistry.class)
			.get("holdfast.events.done")
			.tag("outcome", outcome)
			.counter()
			.count();
	}

	/**
	 * received - done - in flight, which is always zero.
	 */
	static double unaccounted(ConfigurableApplicationContext worker) {
		MeterRegistry registry = worker.getBean(MeterRegistry.class);
		double done = registry.get("holdfast.events.done").counters().stream().mapToDouble(Counter::count).sum();
		return registry.get("holdfast.events.received").counter().count() - done
				- registry.get("holdfast.events.in.flight").gauge().value();
	}

	static byte[] utf8(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

	@Override
	public void close() {
		List.copyOf(this.workers).forEach(this::stop);
		this.producer.close(Duration.ZERO);
		this.broker.close();
	}

}
