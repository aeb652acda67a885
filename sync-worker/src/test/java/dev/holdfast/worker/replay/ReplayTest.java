package dev.holdfast.worker.replay;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

import dev.holdfast.broker.KafkaBroker;
import dev.holdfast.model.LedgerRecord;
import dev.holdfast.model.MediaDeleted;
import dev.holdfast.model.MediaStored;
import dev.holdfast.model.ReplicaRemoved;
import dev.holdfast.model.Replicated;
import dev.holdfast.s3endpoint.S3EndpointProcess;
import dev.holdfast.worker.replicate.ForwardingStore;
import dev.holdfast.worker.source.TestVolume;
import dev.holdfast.worker.store.CountingStore;
import dev.holdfast.worker.store.FaultyObjectStore;
import dev.holdfast.worker.store.ObjectStore;
import dev.holdfast.worker.store.S3ObjectStore;
import dev.holdfast.worker.store.StoreException;
import dev.holdfast.worker.store.StoredObject;
import dev.holdfast.worker.store.TestStores;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Replay against a real broker and a real S3 endpoint.
 */
@Timeout(180)
class ReplayTest {

	private static final int FILES = 40;

	private static @Nullable KafkaBroker broker;

	private static @Nullable S3EndpointProcess endpoint;

	private static int buckets;

	private String bucket = "";

	private ObjectStore store = new FaultyObjectStore(
			new S3ObjectStore(TestStores.properties(ReplayBed.nowhere(), Map.of())));

	private @Nullable ReplayBed opened;

	@BeforeAll
	static void start(@TempDir Path data) {
		broker = KafkaBroker.start(data.resolve("kafka"), 0);
		endpoint = S3EndpointProcess.start(Path.of(System.getProperty("holdfast.s3.jars")), data.resolve("s3"), 0);
	}

	@AfterAll
	static void stop() {
		Objects.requireNonNull(endpoint).close();
		Objects.requireNonNull(broker).close();
	}

	@BeforeEach
	void open(@TempDir Path volume) throws Exception {
		this.store.close();
		this.bucket = "replay-" + ++buckets;
		this.store = storeOn(this.bucket);
		this.store.probe();
		this.opened = new ReplayBed(Objects.requireNonNull(broker), volume, this.store);
	}

	@AfterEach
	void close() {
		bed().close();
		this.store.close();
	}

	private static ObjectStore storeOn(String bucket) {
		return new S3ObjectStore(
				TestStores.properties(Objects.requireNonNull(endpoint).uri(), Map.of("holdfast.store.bucket", bucket)));
	}

	private ReplayBed bed() {
		return Objects.requireNonNull(this.opened);
	}

	private void empty(List<MediaStored> events) throws Exception {
		for (MediaStored event : events) {
			this.store.remove(this.store.head(bed().keyOf(event)).orElseThrow());
		}
	}

	@Test
	void whatIsThereCostsNoRequestOfItsOwn() throws Exception {
		bed().liveFiles(FILES);
		int before = bed().ledgerRecords().size();
		CountingStore counting = new CountingStore(this.store);

		ReplayReport report = bed().replay(new ReplayRequest(null, false), counting);

		assertThat(report.files()).isEqualTo(FILES);
		assertThat(report.alreadyThere()).isEqualTo(FILES);
		assertThat(report.complete()).isTrue();
		assertThat(counting.heads()).isZero();
		assertThat(counting.puts()).isZero();
		assertThat(counting.lists()).isEqualTo(1);
		assertThat(bed().ledgerRecords()).hasSize(before);
	}

	@Test
	void anEmptiedBucketIsFilledAgain() throws Exception {
		List<MediaStored> events = bed().liveFiles(FILES);
		empty(events);

		ReplayReport report = bed().replay();

		assertThat(report.replayed()).isEqualTo(FILES);
		assertThat(report.complete()).isTrue();
		assertAllThere(events);
		assertThat(bed().replay().alreadyThere()).as("again").isEqualTo(FILES);
	}

	@Test
	void aNewBucketIsFilled() throws Exception {
		List<MediaStored> events = bed().liveFiles(FILES);
		try (ObjectStore fresh = storeOn(this.bucket + "-new")) {
			fresh.probe();
			ReplayReport report = bed().replay(new ReplayRequest(null, false), fresh);
			assertThat(report.replayed()).isEqualTo(FILES);
			for (MediaStored event : events) {
				assertThat(fresh.head(bed().keyOf(event)).orElseThrow().size()).isEqualTo(event.size());
			}
		}
	}

	@Test
	void aDamagedObjectIsReplaced() throws Exception {
		List<MediaStored> events = bed().liveFiles(3);
		TestStores.overwrite(Objects.requireNonNull(endpoint).uri(), this.bucket, bed().keyOf(events.get(1)),
				ReplayBed.bytes("damaged"), false);
		TestStores.overwrite(Objects.requireNonNull(endpoint).uri(), this.bucket, bed().keyOf(events.get(2)),
				ReplayBed.bytes("c0ntent 2"), true);

		ReplayReport report = bed().replay();

		assertThat(report.alreadyThere()).isEqualTo(1);
		assertThat(report.replayed()).isEqualTo(2);
		assertAllThere(events);
	}

	@Test
	void aLedgerThatSaysNothingIsFilledInFromTheBucket() throws Exception {
		MediaStored event = bed().volume().stored("a.png", ReplayBed.bytes("a"));
		bed().live(event);
		// A worker that was killed between the put and the ledger leaves just this.
		MediaStored second = bed().volume().stored("b.png", ReplayBed.bytes("b"));
		bed().publish(second);
		bed().parts(this.store).replicator().carryOut(second);
		CountingStore counting = new CountingStore(this.store);

		ReplayReport report = bed().replay(new ReplayRequest(null, false), counting);

		assertThat(report.alreadyThere()).isEqualTo(2);
		assertThat(counting.heads()).isEqualTo(1);
		assertThat(counting.puts()).isZero();
		assertThat(bed().ledger().get("media/b.png")).isInstanceOfSatisfying(Replicated.class,
				(entry) -> assertThat(entry.version()).isEqualTo(second.version()));
	}

	@Test
	void theLatestStateOfAFileWins() throws Exception {
		MediaStored old = bed().volume().stored("a.png", ReplayBed.bytes("old"));
		bed().publish(old);
		MediaStored latest = bed().volume().stored("a.png", ReplayBed.bytes("the latest"));
		bed().publish(latest);
		bed().publish(old);

		ReplayReport report = bed().replay();

		assertThat(report.events()).isEqualTo(3);
		assertThat(report.outdated()).isEqualTo(2);
		assertThat(report.files()).isEqualTo(1);
		assertThat(report.replayed()).isEqualTo(1);
		assertThat(bed().inStore(latest)).isEqualTo(ReplayBed.bytes("the latest"));
	}

	@Test
	void everyWayAFileCanEndIsCountedOnce() throws Exception {
		TestVolume volume = bed().volume();
		bed().live(volume.stored("there", ReplayBed.bytes("there")));
		bed().publish(volume.stored("absent", ReplayBed.bytes("absent")));
		bed().publish(volume.event("gone", ReplayBed.bytes("gone")));
		bed().publish(volume.stored("changed", ReplayBed.bytes("before")));
		volume.write("changed", ReplayBed.bytes("after!"));
		MediaStored earlier = volume.stored("later", ReplayBed.bytes("earlier"));
		bed().publish(earlier);
		bed().parts(this.store).replicator().carryOut(volume.stored("later", ReplayBed.bytes("later")));
		MediaStored stays = volume.stored("deleted", ReplayBed.bytes("deleted"));
		bed().live(stays);
		MediaDeleted deleted = volume.deleted("deleted");
		bed().publish(deleted);
		Files.createDirectory(volume.pathOf("unreadable"));
		bed().publish(volume.event("unreadable", ReplayBed.bytes("x")));
		bed().publishGarbage();
		bed().publishFlawed(volume.stored("flawed", ReplayBed.bytes("flawed")));

		ReplayReport report = bed().replay();

		assertThat(report.alreadyThere()).isEqualTo(1);
		assertThat(report.replayed()).isEqualTo(1);
		assertThat(report.missing()).isEqualTo(1);
		assertThat(report.superseded()).isEqualTo(1);
		assertThat(report.changed()).isEqualTo(1);
		assertThat(report.deleted()).isEqualTo(1);
		assertThat(report.failed()).isEqualTo(1);
		assertThat(report.files()).isEqualTo(7);
		assertThat(report.malformed()).isEqualTo(2);
		assertThat(report.complete()).isFalse();
		assertThat(report.problems()).extracting(ReplayReport.Problem::file)
			.containsExactlyInAnyOrder("media/gone", "media/unreadable", "media/changed");
		assertThat(this.store.head(bed().keyOf(deleted))).isEmpty();
		assertThat(bed().ledger().get("media/deleted")).isInstanceOf(ReplicaRemoved.class);
		assertThat(report.json()).contains("\"missing\" : 1", "\"changed\" : 1", "\"complete\" : false", "media/gone");
		assertThat(report.text()).contains("missing on the volume", "media/gone");
	}

	@Test
	void aFileWithOtherBytesThanItsEventIsNotInTheStore_andNotComplete() throws Exception {
		bed().publish(bed().volume().stored("a.png", ReplayBed.bytes("before")));
		bed().volume().write("a.png", ReplayBed.bytes("after and longer"));

		for (ReplayReport report : List.of(bed().dryRun(), bed().replay())) {
			assertThat(report.complete()).isFalse();
			assertThat(report.changed()).isEqualTo(1);
			assertThat(report.superseded()).isZero();
			assertThat(report.problems()).singleElement().satisfies((problem) -> {
				assertThat(problem.file()).isEqualTo("media/a.png");
				assertThat(problem.kind()).isEqualTo("changed");
				assertThat(problem.reason()).contains("scan the volume");
			});
			assertThat(report.text()).contains("changed on the volume", "changed media/a.png").doesNotContain("more (");
		}
		assertThat(this.store.list("", null).objects()).isEmpty();
	}

	@Test
	void aDryRunChangesNothing() throws Exception {
		List<MediaStored> events = bed().liveFiles(10);
		empty(events.subList(0, 4));
		bed().publish(bed().volume().event("gone", ReplayBed.bytes("gone")));
		bed().live(bed().volume().stored("deleted", ReplayBed.bytes("deleted")));
		bed().publish(bed().volume().deleted("deleted"));
		int before = bed().ledgerRecords().size();

		ReplayReport report = bed().dryRun();

		assertThat(report.replayed()).isEqualTo(4);
		assertThat(report.alreadyThere()).isEqualTo(6);
		assertThat(report.missing()).isEqualTo(1);
		assertThat(report.complete()).isFalse();
		assertThat(bed().ledgerRecords()).hasSize(before);
		assertThat(this.store.list("", null).objects()).hasSize(7);
	}

	@Test
	void onlyWhatWasPublishedSinceIsReplayed() throws Exception {
		List<MediaStored> events = bed().liveFiles(5);
		empty(events);
		Instant since = bed().afterNow();
		MediaStored late = bed().volume().stored("late", ReplayBed.bytes("late"));
		bed().publish(late);

		ReplayReport report = bed().replay(new ReplayRequest(since, false), this.store);

		assertThat(report.files()).isEqualTo(1);
		assertThat(report.replayed()).isEqualTo(1);
		assertThat(this.store.list("", null).objects()).hasSize(1);
	}

	@Test
	void whatWasKilledGoesOnWhereItWas() throws Exception {
		List<MediaStored> events = bed().liveFiles(FILES);
		empty(events);
		FaultyObjectStore dying = new FaultyObjectStore(new CountingStore(this.store, FILES / 2, () -> {
			throw new IllegalStateException("killed");
		}));
		assertThatExceptionOfType(IllegalStateException.class)
			.isThrownBy(() -> bed().replay(new ReplayRequest(null, false), dying))
			.withMessage("killed");
		int done = this.store.list("", null).objects().size();
		assertThat(done).isBetween(1, FILES - 1);

		CountingStore counting = new CountingStore(this.store);
		ReplayReport report = bed().replay(new ReplayRequest(null, false), counting);

		assertThat(report.alreadyThere()).isEqualTo(done);
		assertThat(report.replayed()).isEqualTo(FILES - done);
		assertThat(counting.puts()).isEqualTo(FILES - done);
		assertAllThere(events);
	}

	@Test
	void liveReplicationGoesOnMeanwhile() throws Exception {
		List<MediaStored> events = bed().liveFiles(FILES);
		empty(events);
		Map<String, MediaStored> latest = new HashMap<>();
		events.forEach((event) -> latest.put(event.id().toString(), event));
		try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
			Future<ReplayReport> replaying = threads.submit(() -> bed().replay());
			for (int round = 0; round < 3; round++) {
				for (MediaStored event : events.subList(0, 10)) {
					MediaStored newer = bed().volume()
						.stored(event.id().path(), ReplayBed.bytes("newer " + round + event.id()));
					bed().live(newer);
					latest.put(newer.id().toString(), newer);
				}
			}
			assertThat(replaying.get().failed()).isZero();
		}
		assertThat(bed().replay().complete()).isTrue();
		for (MediaStored event : latest.values()) {
			StoredObject object = this.store.head(bed().keyOf(event)).orElseThrow();
			assertThat(Objects.requireNonNull(object.metadata()).version()).as(event.id().toString())
				.isEqualTo(event.version());
		}
		assertAllThere(latest.values());
	}

	/**
	 * Between its put and its word in the ledger live replication puts a later version.
	 */
	@Test
	void theLastWordInTheLedgerIsAboutTheLatestVersion() throws Exception {
		List<MediaStored> events = bed().liveFiles(3);
		empty(events);
		MediaStored changed = events.get(1);
		MediaStored deleted = events.get(2);
		AtomicBoolean once = new AtomicBoolean();
		AtomicReference<@Nullable MediaStored> newer = new AtomicReference<>();

		ReplayReport report = bed().replayAll((entry) -> {
			if (entry.id().equals(changed.id()) && once.compareAndSet(false, true)) {
				newer.set(bed().volume().stored(changed.id().path(), ReplayBed.bytes("newer")));
				bed().live(Objects.requireNonNull(newer.get()));
			}
			if (entry.id().equals(deleted.id()) && entry instanceof Replicated) {
				bed().live(bed().volume().deleted(deleted.id().path()));
			}
		});

		assertThat(report.replayed()).isEqualTo(3);
		assertAllThere(List.of(events.getFirst(), Objects.requireNonNull(newer.get())));
		assertThat(bed().ledger().get(deleted.id().toString())).isInstanceOf(ReplicaRemoved.class);
		assertThat(this.store.head(bed().keyOf(deleted))).isEmpty();
	}

	@Test
	void passingFaultsAreTriedAgain() throws Exception {
		bed().publish(bed().volume().stored("a", ReplayBed.bytes("a")));
		FaultyObjectStore faulty = new FaultyObjectStore(this.store);
		faulty.failNext(2, StoreException.Kind.TRANSIENT);
		assertThat(bed().replay(new ReplayRequest(null, false), faulty).replayed()).isEqualTo(1);
		assertThat(bed().ledger().get("media/a")).isInstanceOfSatisfying(Replicated.class,
				(entry) -> assertThat(entry.attempts()).isEqualTo(3));
	}

	/** Of a large file over a slow line, by a worker that runs meanwhile. */
	@Test
	void uploadsThatMayStillGoOnAreNotEnded() throws Exception {
		List<Duration> ended = new ArrayList<>();
		ObjectStore listening = new ForwardingStore(this.store) {
			@Override
			public int abortStaleUploads(Duration olderThan) throws StoreException, InterruptedException {
				ended.add(olderThan);
				return super.abortStaleUploads(olderThan);
			}
		};
		bed().replay(new ReplayRequest(null, false), listening);
		bed().replay(new ReplayRequest(null, true), listening);
		assertThat(ended).containsExactly(Duration.ofDays(2));
	}

	@Test
	void aStoreThatIsAwayEndsItAtOnce() throws Exception {
		bed().liveFiles(2);
		FaultyObjectStore away = new FaultyObjectStore(this.store);
		away.outage(StoreException.Kind.UNREACHABLE);
		assertThatExceptionOfType(StoreException.class)
			.isThrownBy(() -> bed().replay(new ReplayRequest(null, false), away))
			.satisfies((ex) -> assertThat(ex.kind()).isEqualTo(StoreException.Kind.UNREACHABLE));
		FaultyObjectStore leaving = new FaultyObjectStore(this.store);
		bed().publish(bed().volume().stored("a", ReplayBed.bytes("a")));
		leaving.failNext(1, StoreException.Kind.DENIED);
		assertThatExceptionOfType(StoreException.class)
			.isThrownBy(() -> bed().replay(new ReplayRequest(null, false), leaving))
			.satisfies((ex) -> assertThat(ex.kind()).isEqualTo(StoreException.Kind.DENIED));
	}

	@Test
	void aMissingTopicIsSaidToBeMissing() {
		try (TopicReader reader = new TopicReader(bed().kafka(), "no.such.topic")) {
			assertThatExceptionOfType(KafkaException.class).isThrownBy(() -> reader.ranges(null));
		}
	}

	/** Byte for byte, and the ledger says no more than that. */
	private void assertAllThere(Iterable<MediaStored> events) throws Exception {
		Map<String, LedgerRecord> ledger = bed().ledger();
		for (MediaStored event : events) {
			assertThat(bed().inStore(event)).as(event.id().toString())
				.isEqualTo(Files.readAllBytes(bed().volume().pathOf(event.id().path())));
			StoredObject object = this.store.head(bed().keyOf(event)).orElseThrow();
			assertThat(ledger.get(event.id().toString())).isInstanceOfSatisfying(Replicated.class, (entry) -> {
				assertThat(entry.version()).isEqualTo(event.version());
				assertThat(entry.etag()).isEqualTo(object.etag());
				assertThat(entry.objectVersion()).isEqualTo(object.objectVersion());
			});
		}
	}

}
