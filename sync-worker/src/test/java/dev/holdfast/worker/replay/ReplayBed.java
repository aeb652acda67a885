package dev.holdfast.worker.replay;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.holdfast.broker.KafkaBroker;
import dev.holdfast.kafka.OwnedTopics;
import dev.holdfast.model.CloudEventCodec;
import dev.holdfast.model.LedgerRecord;
import dev.holdfast.model.MediaEvent;
import dev.holdfast.model.MediaStored;
import dev.holdfast.model.ObjectKeys;
import dev.holdfast.model.StoreName;
import dev.holdfast.model.Topics;
import dev.holdfast.worker.ledger.LedgerEntries;
import dev.holdfast.worker.replicate.DeletePolicy;
import dev.holdfast.worker.replicate.TestDeletes;
import dev.holdfast.worker.replicate.Outcome;
import dev.holdfast.worker.replicate.Replicator;
import dev.holdfast.worker.source.TestVolume;
import dev.holdfast.worker.store.ObjectStore;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;

/**
 * A broker, a volume and a store, with a worker that does what the live one does, one
 * event at a time.
 */
final class ReplayBed implements AutoCloseable {

	static final StoreName STORE = new StoreName("primary");

	private static final long LARGE = 1024 * 1024;

	private final CloudEventCodec codec = new CloudEventCodec();

	private final ObjectKeys keys = new ObjectKeys("");

	private final LedgerEntries entries = new LedgerEntries(STORE, "contract", Clock.systemUTC());

	private final Map<String, Object> kafka;

	private final KafkaProducer<byte[], byte[]> producer;

	private final KafkaLedger ledger;

	private final TestVolume volume;

	private final ObjectStore store;

	ReplayBed(KafkaBroker broker, Path directory, ObjectStore store) throws Exception {
		this.kafka = Map.of("bootstrap.servers", broker.bootstrapServers());
		freshTopics();
		this.producer = new KafkaProducer<>(this.kafka, new ByteArraySerializer(), new ByteArraySerializer());
		this.ledger = new KafkaLedger(this.kafka);
		this.volume = new TestVolume(directory);
		this.store = store;
	}

	private void freshTopics() throws Exception {
		try (Admin admin = Admin.create(this.kafka)) {
			admin.deleteTopics(admin.listTopics().names().get()).all().get();
			Awaitility.await().atMost(Duration.ofMinutes(2)).until(() -> admin.listTopics().names().get().isEmpty());
			new OwnedTopics(admin, 1, Duration.ofSeconds(30)).createAndCheck();
		}
	}

	TestVolume volume() {
		return this.volume;
	}

	Map<String, Object> kafka() {
		return this.kafka;
	}

	ReplayParts parts(ObjectStore through) {
		return parts(through, this.ledger);
	}

	private ReplayParts parts(ObjectStore through, Ledger words) {
		return new ReplayParts(this.kafka, through, this.volume.source(), replicator(through), this.keys, this.entries,
				words);
	}

	/** Hears of a word before it is in the ledger. */
	interface Listener {

		void before(LedgerRecord entry) throws Exception;

	}

	/**
	 * A replay during which something happens between its puts and its words in the
	 * ledger.
	 */
	ReplayReport replayAll(Listener listener) throws Exception {
		Ledger late = (entry) -> {
			try {
				listener.before(entry);
			}
			catch (Exception ex) {
				throw new IllegalStateException(ex);
			}
			this.ledger.write(entry);
		};
		return new Replay(parts(this.store, late), new ReplayRequest(null, false), silent()).run();
	}

	private Replicator replicator(ObjectStore through) {
		return new Replicator(through, this.volume.source(), this.keys, LARGE, TestDeletes.of(DeletePolicy.MIRROR));
	}

	/** Publishes an event. */
	void publish(MediaEvent event) throws Exception {
		this.producer.send(new ProducerRecord<>(Topics.EVENTS, event.key(), this.codec.encode(event))).get();
	}

	/** Publishes something that is no event. */
	void publishGarbage() throws Exception {
		this.producer.send(new ProducerRecord<>(Topics.EVENTS, new byte[] { 1 }, new byte[] { 2 })).get();
	}

	/** Publishes what is an event at first sight, and at the second is not. */
	void publishFlawed(MediaStored event) throws Exception {
		String json = new String(this.codec.encode(event), StandardCharsets.UTF_8).replace("image/png", "bild/käse");
		this.producer.send(new ProducerRecord<>(Topics.EVENTS, event.key(), bytes(json))).get();
	}

	/** Publishes an event, and does with it what live replication does. */
	Outcome live(MediaEvent event) throws Exception {
		publish(event);
		Outcome outcome = replicator(this.store).carryOut(event);
		Optional<LedgerRecord> entry = this.entries.of(event, outcome, 1);
		if (entry.isPresent()) {
			this.ledger.write(entry.get());
		}
		return outcome;
	}

	/** Uploads so many files and replicates them. */
	List<MediaStored> liveFiles(int count) throws Exception {
		List<MediaStored> events = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			MediaStored event = this.volume.stored("dir " + i % 7 + "/ü-" + i + ".png", bytes("content " + i));
			live(event);
			events.add(event);
		}
		return events;
	}

	ReplayReport replay() throws Exception {
		return replay(new ReplayRequest(null, false), this.store);
	}

	ReplayReport dryRun() throws Exception {
		return replay(new ReplayRequest(null, true), this.store);
	}

	ReplayReport replay(ReplayRequest request, ObjectStore through) throws Exception {
		return new Replay(parts(through), request, silent()).run();
	}

	static Progress silent() {
		return new Progress(new PrintStream(new ByteArrayOutputStream(), false, StandardCharsets.UTF_8), false,
				System::nanoTime);
	}

	String keyOf(MediaEvent.OfFile event) {
		return this.keys.keyOf(event.id());
	}

	byte[] inStore(MediaEvent.OfFile event) throws Exception {
		try (InputStream in = this.store.get(keyOf(event), null)) {
			return in.readAllBytes();
		}
	}

	/** The ledger's last word on each file. */
	Map<String, LedgerRecord> ledger() throws Exception {
		Map<String, LedgerRecord> last = new HashMap<>();
		for (ConsumerRecord<byte[], byte[]> record : ledgerRecords()) {
			LedgerRecord entry = this.codec.decodeLedger(record.value());
			last.put(entry.id().toString(), entry);
		}
		return last;
	}

	List<ConsumerRecord<byte[], byte[]>> ledgerRecords() throws Exception {
		List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
		try (TopicReader reader = new TopicReader(this.kafka, Topics.REPLICAS)) {
			reader.read(reader.ranges(null), records::add, (moved) -> {
			});
		}
		return records;
	}

	/** A moment after all that was published, before what will be. */
	Instant afterNow() {
		Instant before = Instant.now();
		Awaitility.await()
			.atMost(Duration.ofMinutes(1))
			.until(() -> Instant.now().toEpochMilli() > before.toEpochMilli() + 1);
		return Instant.now();
	}

	static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

	static URI nowhere() {
		return URI.create("http://127.0.0.1:1");
	}

	@Override
	public void close() {
		this.producer.close();
		this.ledger.close();
	}

}
