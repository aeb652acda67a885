package dev.holdfast.app.catalog;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import dev.holdfast.app.kafka.KafkaClients;
import dev.holdfast.app.kafka.KafkaLink;
import dev.holdfast.app.kafka.LinkState;
import dev.holdfast.app.outbox.OutboxRelays;
import dev.holdfast.broker.KafkaBroker;
import dev.holdfast.model.CloudEventCodec;
import dev.holdfast.model.FailureClass;
import dev.holdfast.model.LedgerRecord;
import dev.holdfast.model.MediaEvent;
import dev.holdfast.model.MediaId;
import dev.holdfast.model.MediaStored;
import dev.holdfast.model.Replicated;
import dev.holdfast.model.ReplicationFailed;
import dev.holdfast.model.StoreName;
import dev.holdfast.model.Topics;
import dev.holdfast.model.Version;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Catalog, relay and projection against a real broker.
 */
class EventLogTest {

	private static final Duration LONG = Duration.ofMinutes(1);

	private static final KafkaLink.Pace QUICK = new KafkaLink.Pace(Duration.ofMillis(500), Duration.ofMillis(200),
			Duration.ofMinutes(1));

	@TempDir
	Path kafkaDirectory;

	@TempDir
	Path catalogDirectory;

	private KafkaBroker broker;

	private @Nullable App app;

	@BeforeEach
	void startBroker() {
		this.broker = KafkaBroker.start(this.kafkaDirectory, 0);
	}

	@AfterEach
	void stop() {
		stopApp();
		this.broker.close();
	}

	@Test
	void everyUploadReachesTheLogAndComesBackSeen() {
		App running = startApp();
		for (int i = 0; i < 100; i++) {
			running.store("file-" + (i % 20), "content " + i);
		}
		Awaitility.await()
			.atMost(LONG)
			.until(() -> running.projection.read() == 100 && running.catalog.totals().outboxWaiting() == 0);

		long counted = Arrays.stream(Projected.values()).mapToLong(running.projection::count).sum();
		assertThat(counted).isEqualTo(100);
		assertThat(running.projection.count(Projected.OWN)).isBetween(20L, 100L);
		Map<MediaId, List<Version>> log = log();
		assertThat(log).hasSize(20)
			.allSatisfy((_, versions) -> assertThat(versions).hasSize(5).isSorted().doesNotHaveDuplicates());
		OutboxCounts counts = running.catalog.outboxCounts();
		assertThat(counts.inherited() + counts.accepted())
			.isEqualTo(counts.published() + running.catalog.totals().outboxWaiting());
	}

	@Test
	void uploadsGoOnWhileKafkaIsAwayAndAllOfThemArePublishedWhenItIsBack() {
		App running = startApp();
		running.store("before", "x");
		Awaitility.await().atMost(LONG).until(() -> running.catalog.totals().outboxWaiting() == 0);
		int port = this.broker.port();
		this.broker.close();
		for (int i = 0; i < 200; i++) {
			running.store("file-" + (i % 10), "content " + i);
		}
		Awaitility.await().atMost(LONG).until(() -> running.link.state() instanceof LinkState.Down);
		running.store("after", "x");
		assertThat(running.catalog.totals().outboxWaiting()).isGreaterThan(0);
		this.broker = KafkaBroker.start(this.kafkaDirectory, port);
		long back = System.nanoTime();
		Awaitility.await().atMost(LONG).until(() -> running.catalog.totals().outboxWaiting() == 0);
		System.out.printf("published %.1f s after Kafka was back%n",
				TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - back) / 1000.0);

		Map<MediaId, List<Version>> log = log();
		assertThat(log).hasSize(12);
		for (int i = 0; i < 10; i++) {
			assertThat(log.get(Samples.id("file-" + i))).hasSizeGreaterThanOrEqualTo(20).isSorted();
		}
		awaitProjected(running, 12);
	}

	@Test
	void aCatalogThatWasDeletedIsRebuiltFromTheTopicsWhateverTheHistory() {
		long seed = System.nanoTime();
		Random random = new Random(seed);
		App first = startApp();
		Awaitility.await().atMost(LONG).until(() -> first.link.state() instanceof LinkState.Up);
		try (Producer<byte[], byte[]> ledger = KafkaClients.of(this.broker.bootstrapServers()).producer()) {
			for (int i = 0; i < 400; i++) {
				MediaId id = Samples.id("file-" + random.nextInt(30));
				MediaEvent.OfFile event = (random.nextInt(8) == 0)
						? first.catalog.recordDeleted(id, Samples.deleted(id)) : first.store(id.path(), "content " + i);
				if (event instanceof MediaStored stored && random.nextInt(3) > 0) {
					LedgerRecord report = report(random, stored);
					Future<RecordMetadata> _ = ledger.send(
							new ProducerRecord<>(Topics.REPLICAS, report.key(), new CloudEventCodec().encode(report)));
				}
			}
			ledger.flush();
		}
		awaitAllRead(first);
		List<FileStatus> original = all(first.catalog);
		Totals totals = first.catalog.totals();
		stopApp();
		this.catalogDirectory = this.catalogDirectory.resolve("new");
		App rebuilt = startApp();
		awaitAllRead(rebuilt);

		assertThat(all(rebuilt.catalog)).as("seed %d", seed)
			.usingRecursiveComparison()
			.ignoringFields("entry.stamp")
			.isEqualTo(original);
		assertThat(rebuilt.catalog.totals()).as("seed %d", seed).isEqualTo(totals);
	}

	@Test
	void theProjectionGoesOnWhereItWas() {
		App first = startApp();
		first.store("a", "x");
		awaitProjected(first, 1);
		stopApp();
		App second = startApp();
		second.store("b", "x");
		awaitProjected(second, 1);

		assertThat(second.projection.read()).isEqualTo(1);
		assertThat(second.projection.hasHistory()).isTrue();
	}

	@Test
	void anUploadToACatalogThatWasDeletedWinsOverAHigherVersionInTheLog() throws Exception {
		Clock ahead = Clock.offset(Clock.systemUTC(), Duration.ofDays(2));
		App first = startApp(ahead);
		Version future = first.store("logo", "from before the clock was set back").version();
		awaitProjected(first, 1);
		stopApp();
		int port = this.broker.port();
		this.broker.close();
		this.catalogDirectory = this.catalogDirectory.resolve("new");
		App second = startApp(Clock.systemUTC(), port);
		MediaStored upload = second.store("logo", "the later bytes");
		assertThat(upload.version()).isLessThan(future);
		this.broker = KafkaBroker.start(this.kafkaDirectory, port);
		awaitAllRead(second);
		Awaitility.await().atMost(LONG).until(() -> second.catalog.totals().outboxWaiting() == 0);

		assertThat(lastEvent("logo")).isInstanceOfSatisfying(MediaStored.class, (last) -> {
			assertThat(last.digest()).isEqualTo(upload.digest());
			assertThat(last.version()).isGreaterThan(future);
		});
	}

	@Test
	void aTopicThatIsMadeAnewIsReadFromItsStart() throws Exception {
		App running = startApp();
		running.store("a", "x");
		awaitProjected(running, 1);
		try (Admin admin = Admin.create(Map.of("bootstrap.servers", this.broker.bootstrapServers()))) {
			admin.deleteTopics(List.of(Topics.EVENTS)).all().get(30, TimeUnit.SECONDS);
		}
		running.link.doubt();
		MediaStored theirs = Samples.stored(Samples.id("theirs"), "y").apply(Version.at(Instant.now()));
		Awaitility.await().atMost(LONG).ignoreExceptions().until(() -> {
			try (Producer<byte[], byte[]> producer = KafkaClients.of(this.broker.bootstrapServers()).producer()) {
				producer.send(new ProducerRecord<>(Topics.EVENTS, theirs.key(), new CloudEventCodec().encode(theirs)))
					.get(10, TimeUnit.SECONDS);
				return true;
			}
		});
		Awaitility.await().atMost(LONG).until(() -> running.catalog.find(theirs.id()).isPresent());

		assertThat(running.catalog.find(Samples.id("a"))).isPresent();
		running.store("b", "after");
		Awaitility.await().atMost(LONG).until(() -> running.catalog.totals().outboxWaiting() == 0);
	}

	@Test
	void recordsThatAreGoneFromTheTopicAreSkippedAndTheRestIsRead() throws Exception {
		App first = startApp();
		for (int i = 0; i < 5; i++) {
			first.store("a", "content " + i);
		}
		awaitProjected(first, 1);
		int partition = partitionOf("a");
		stopApp();
		this.catalogDirectory = this.catalogDirectory.resolve("new");
		try (Catalog fresh = Catalog.open(this.catalogDirectory, Clock.systemUTC());
				Admin admin = Admin.create(Map.of("bootstrap.servers", this.broker.bootstrapServers()))) {
			var topic = admin.describeTopics(List.of(Topics.EVENTS))
				.allTopicNames()
				.get(30, TimeUnit.SECONDS)
				.get(Topics.EVENTS);
			fresh.projector()
				.use(List.of(new LogSource(Topics.EVENTS, Objects.requireNonNull(topic).topicId().toString(),
						admin.describeCluster().clusterId().get(30, TimeUnit.SECONDS))));
			fresh.projector().project(List.of(), Map.of(new LogPartition(Topics.EVENTS, partition), 1_000_000L));
		}
		App second = startApp();
		awaitAllRead(second);

		assertThat(second.catalog.find(Samples.id("a"))).isPresent();
	}

	private void awaitProjected(App running, int own) {
		Awaitility.await().atMost(LONG).until(() -> running.projection.count(Projected.OWN) >= own);
	}

	private void awaitAllRead(App running) {
		Awaitility.await().atMost(LONG).until(running.projection::isCaughtUp);
		Awaitility.await().atMost(LONG).until(() -> running.catalog.totals().outboxWaiting() == 0);
		Map<LogPartition, Long> ends = ends();
		Awaitility.await()
			.atMost(LONG)
			.untilAsserted(() -> assertThat(running.catalog.projector().positions()).containsAllEntriesOf(ends));
	}

	private Map<LogPartition, Long> ends() {
		Map<LogPartition, Long> ends = new HashMap<>();
		try (Consumer<byte[], byte[]> consumer = KafkaClients.of(this.broker.bootstrapServers()).consumer()) {
			consumer.endOffsets(partitions()).forEach((partition, end) -> {
				if (end > 0) {
					ends.put(new LogPartition(partition.topic(), partition.partition()), end);
				}
			});
		}
		return ends;
	}

	private static List<TopicPartition> partitions() {
		List<TopicPartition> partitions = new ArrayList<>();
		for (String topic : List.of(Topics.EVENTS, Topics.REPLICAS)) {
			for (int i = 0; i < 12; i++) {
				partitions.add(new TopicPartition(topic, i));
			}
		}
		return partitions;
	}

	private Map<MediaId, List<Version>> log() {
		Map<MediaId, List<Version>> versions = new HashMap<>();
		read().forEach((entry) -> {
			MediaEvent.OfFile event = decode(entry);
			versions.computeIfAbsent(event.id(), (_) -> new ArrayList<>()).add(event.version());
		});
		return versions;
	}

	private MediaEvent.OfFile lastEvent(String path) {
		return decode(read().stream()
			.filter((entry) -> decode(entry).id().path().equals(path))
			.reduce((_, last) -> last)
			.orElseThrow());
	}

	private int partitionOf(String path) {
		return read().stream()
			.filter((entry) -> decode(entry).id().path().equals(path))
			.findFirst()
			.orElseThrow()
			.partition();
	}

	private List<ConsumerRecord<byte[], byte[]>> read() {
		List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
		try (Consumer<byte[], byte[]> consumer = KafkaClients.of(this.broker.bootstrapServers()).consumer()) {
			List<TopicPartition> events = partitions().stream()
				.filter((it) -> it.topic().equals(Topics.EVENTS))
				.toList();
			consumer.assign(events);
			consumer.seekToBeginning(events);
			Map<TopicPartition, Long> ends = consumer.endOffsets(events);
			while (ends.entrySet().stream().anyMatch((end) -> consumer.position(end.getKey()) < end.getValue())) {
				consumer.poll(Duration.ofSeconds(1)).forEach(records::add);
			}
			consumer.close(CloseOptions.timeout(Duration.ZERO));
		}
		return records;
	}

	private static MediaEvent.OfFile decode(ConsumerRecord<byte[], byte[]> entry) {
		try {
			return (MediaEvent.OfFile) new CloudEventCodec().decodeEvent(entry.value());
		}
		catch (Exception ex) {
			throw new AssertionError(ex);
		}
	}

	private static LedgerRecord report(Random random, MediaStored stored) {
		Instant at = Instant.ofEpochMilli(1_700_000_000_000L + random.nextInt(1000));
		StoreName store = new StoreName(random.nextBoolean() ? "primary" : "second");
		return switch (random.nextInt(3)) {
			case 0 -> new ReplicationFailed(stored.id(), stored.version(), store, at, FailureClass.STUBBORN, "refused",
					random.nextInt(5), random.nextBoolean() ? null : at.plusSeconds(10));
			default -> new Replicated(stored.id(), stored.version(), store, at, "bucket", stored.id().toString(),
					random.nextBoolean() ? null : "v1", "etag", stored.size(), stored.digest(), 1);
		};
	}

	private static List<FileStatus> all(Catalog catalog) {
		List<FileStatus> files = new ArrayList<>();
		for (ListFilter.Selection selection : List.of(ListFilter.Selection.KNOWN, ListFilter.Selection.DELETED)) {
			files.addAll(catalog.list(new ListFilter(null, "", selection, null, ListFilter.MOST)).files());
		}
		return files;
	}

	private App startApp() {
		return startApp(Clock.systemUTC());
	}

	private App startApp(Clock clock) {
		return startApp(clock, this.broker.port());
	}

	private App startApp(Clock clock, int port) {
		App started = new App(this.catalogDirectory, "127.0.0.1:" + port, clock);
		this.app = started;
		return started;
	}

	private void stopApp() {
		if (this.app != null) {
			this.app.close();
			this.app = null;
		}
	}

	/** What app-service has of these, wired as it wires them. */
	private static final class App implements AutoCloseable {

		private final Catalog catalog;

		private final KafkaLink link;

		private final Projection projection;

		private final AutoCloseable relay;

		App(Path directory, String bootstrapServers, Clock clock) {
			KafkaClients clients = KafkaClients.of(bootstrapServers);
			this.catalog = Catalog.open(directory, clock);
			this.link = new KafkaLink(clients, -1, Clock.systemUTC(), QUICK);
			this.projection = new Projection(this.catalog, clients::consumer, this.link::layout);
			this.link.onChange(this.projection::wake);
			this.relay = OutboxRelays.start(this.catalog, clients, this.link);
			this.projection.start();
			this.link.start();
		}

		private MediaStored store(String path, String content) {
			MediaId id = Samples.id(path);
			return this.catalog.recordStored(id, Samples.stamp(content), Samples.stored(id, content));
		}

		@Override
		public void close() {
			try {
				this.relay.close();
			}
			catch (Exception ex) {
				throw new AssertionError(ex);
			}
			this.projection.close();
			this.link.close();
			this.catalog.close();
		}

	}

}
