package dev.holdfast.worker.engine;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;

import dev.holdfast.model.CloudEventCodec;
import dev.holdfast.model.Digest;
import dev.holdfast.model.FailureClass;
import dev.holdfast.model.MediaDeleted;
import dev.holdfast.model.MediaId;
import dev.holdfast.model.MediaStored;
import dev.holdfast.model.ReplicaRemoved;
import dev.holdfast.model.Replicated;
import dev.holdfast.model.ReplicationFailed;
import dev.holdfast.model.Topics;
import dev.holdfast.model.VolumeName;
import dev.holdfast.worker.replicate.ForwardingStore;
import dev.holdfast.worker.retry.GateState;
import dev.holdfast.worker.retry.RetryHeaders;
import dev.holdfast.worker.source.MediaSource;
import dev.holdfast.worker.source.MountedVolumes;
import dev.holdfast.worker.source.TestVolume;
import dev.holdfast.worker.store.ContentSource;
import dev.holdfast.worker.store.FaultyObjectStore;
import dev.holdfast.worker.store.InMemoryObjectStore;
import dev.holdfast.worker.store.ObjectStore;
import dev.holdfast.worker.store.PutRequest;
import dev.holdfast.worker.store.StoreException;
import dev.holdfast.worker.store.StoredObject;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static dev.holdfast.worker.engine.EngineHarness.EVENTS;
import static dev.holdfast.worker.engine.EngineHarness.LARGE;
import static dev.holdfast.worker.engine.EngineHarness.PLACES;
import static dev.holdfast.worker.engine.EngineHarness.RETRIES;
import static dev.holdfast.worker.engine.EngineHarness.soon;
import static dev.holdfast.worker.engine.EngineHarness.text;
import static org.assertj.core.api.Assertions.assertThat;

@Timeout(60)
class EngineTest {

	private static final byte[] BYTES = { 1, 2, 3 };

	@TempDir
	Path directory;

	private final InMemoryObjectStore bucket = new InMemoryObjectStore();

	private final FaultyObjectStore store = new FaultyObjectStore(this.bucket);

	private final List<EngineHarness> harnesses = new ArrayList<>();

	private TestVolume volume;

	@BeforeEach
	void makeVolume() {
		this.volume = new TestVolume(this.directory);
	}

	@AfterEach
	void closeHarnesses() {
		this.harnesses.forEach(EngineHarness::close);
	}

	private EngineHarness engine(ObjectStore target) {
		return engine(target, this.volume.source(), 100);
	}

	private EngineHarness engine(ObjectStore target, MediaSource source, int maxInFlight) {
		EngineHarness harness = new EngineHarness(target, source, maxInFlight);
		this.harnesses.add(harness);
		return harness;
	}

	@Test
	void acknowledgesOnlyWhenTheLedgerHasIt() throws Exception {
		EngineHarness engine = engine(this.store);
		engine.hold();
		engine.receive(this.volume.stored("a", BYTES));
		soon().until(() -> engine.heldBack() == 1);
		assertThat(this.bucket.head("media/a")).isPresent();
		assertThat(engine.watermark()).isEqualTo(-1);
		engine.letGo();
		engine.awaitDone(Ending.REPLICATED, 1);
		assertThat(engine.watermark()).isZero();
		assertThat(engine.ledger()).singleElement()
			.isInstanceOfSatisfying(Replicated.class, (entry) -> assertThat(entry.attempts()).isEqualTo(1));
	}

	@Test
	void replicatesAFileWithoutBytes() throws Exception {
		EngineHarness engine = engine(this.store);
		engine.receive(this.volume.stored("empty", new byte[0]));
		engine.awaitDone(Ending.REPLICATED, 1);
		assertThat(this.bucket.head("media/empty")).get().extracting(StoredObject::size).isEqualTo(0L);
	}

	@Test
	void makesADeadLetterOfWhatIsNoEvent_andGoesOn() {
		EngineHarness engine = engine(this.store);
		engine.hold();
		engine.receive(EVENTS, "{no json".getBytes(StandardCharsets.UTF_8), null);
		assertThat(engine.watermark()).isEqualTo(-1);
		engine.letGo();
		engine.awaitDone(Ending.DEAD_LETTER, 1);
		assertThat(engine.watermark()).isZero();
		assertThat(engine.published(Topics.DEAD_LETTERS)).singleElement().satisfies((letter) -> {
			assertThat(new String(letter.key(), StandardCharsets.UTF_8)).isEqualTo("primary/!media.events/0/0");
			assertThat(text(letter, RetryHeaders.REASON)).startsWith("malformed event: ");
			assertThat(text(letter, RetryHeaders.ORIGIN)).isEqualTo("media.events-0@0");
			assertThat(letter.value()).asString().isEqualTo("{no json");
		});
		engine.receive(this.volume.stored("a", BYTES));
		engine.awaitDone(Ending.REPLICATED, 1);
	}

	@Test
	void passesOverTombstones_andOverRetriesOfOtherStores() {
		EngineHarness engine = engine(this.store);
		engine.receive(EVENTS, null, null);
		RecordHeaders headers = new RecordHeaders();
		RetryHeaders.put(headers, RetryHeaders.STORE, "second");
		engine.receive(RETRIES, BYTES, headers);
		engine.awaitDone(Ending.NOTHING_TO_DO, 2);
		assertThat(engine.watermark()).isZero();
		assertThat(engine.watermark(RETRIES)).isZero();
	}

	@Test
	void looksAFewTimesForAFileThatVanished_andThenGivesUp() {
		EngineHarness engine = engine(this.store);
		engine.receive(this.volume.event("gone", BYTES));
		engine.awaitDone(Ending.RETRY_LANE, 1);
		assertThat(engine.ledger()).last().isInstanceOfSatisfying(ReplicationFailed.class, (entry) -> {
			assertThat(entry.nextAttempt()).isNotNull();
			assertThat(entry.reason()).contains("missing on the volume");
		});
		assertThat(engine.turnRetryLane()).isEqualTo(1);
		engine.awaitDone(Ending.RETRY_LANE, 2);
		assertThat(engine.turnRetryLane()).isEqualTo(1);
		engine.awaitDone(Ending.DEAD_LETTER, 1);
		assertThat(engine.watermark()).isZero();
		assertThat(engine.watermark(RETRIES)).isEqualTo(1);
		assertThat(engine.ledger()).last().isInstanceOfSatisfying(ReplicationFailed.class, (entry) -> {
			assertThat(entry.isDeadLetter()).isTrue();
			assertThat(entry.failureClass()).isEqualTo(FailureClass.PERMANENT);
			assertThat(entry.attempts()).isEqualTo(3);
		});
		assertThat(engine.published(Topics.DEAD_LETTERS)).singleElement()
			.satisfies((letter) -> assertThat(text(letter, RetryHeaders.ATTEMPTS)).isEqualTo("3"));
	}

	@Test
	void doesNotMissAFileThatWasDeletedMeanwhile() throws Exception {
		EngineHarness engine = engine(this.store);
		engine.receive(this.volume.event("a", BYTES));
		engine.awaitDone(Ending.RETRY_LANE, 1);
		engine.receive(this.volume.deleted("a"));
		engine.awaitDone(Ending.REMOVED, 1);
		engine.turnRetryLane();
		engine.awaitDone(Ending.SUPERSEDED, 1);
		assertThat(engine.published(Topics.RETRIES)).hasSize(1);
		assertThat(engine.published(Topics.DEAD_LETTERS)).isEmpty();
		assertThat(this.bucket.head("media/a")).isEmpty();
	}

	@Test
	void givesUpAtOnceOnWhatCanNeverBeRead() throws IOException {
		EngineHarness engine = engine(this.store);
		Files.createDirectory(this.volume.pathOf("directory"));
		engine.receive(this.volume.event("directory", BYTES));
		engine.awaitDone(Ending.DEAD_LETTER, 1);
		assertThat(engine.published(Topics.RETRIES)).isEmpty();
		assertThat(engine.watermark()).isZero();
	}

	@Test
	void skipsAFileThatChangedSinceTheEvent() throws Exception {
		EngineHarness engine = engine(this.store);
		MediaStored event = this.volume.stored("a", BYTES);
		this.volume.write("a", new byte[] { 9, 9, 9 });
		engine.receive(event);
		engine.awaitDone(Ending.SUPERSEDED, 1);
		assertThat(engine.watermark()).isZero();
		assertThat(engine.ledger()).isEmpty();
		assertThat(this.bucket.head("media/a")).isEmpty();
	}

	@Test
	void skipsAnOlderEventThatComesAfterANewer() throws Exception {
		EngineHarness engine = engine(this.store);
		MediaStored older = this.volume.stored("a", BYTES);
		MediaStored newer = this.volume.stored("a", BYTES);
		engine.receive(newer);
		engine.awaitDone(Ending.REPLICATED, 1);
		engine.receive(older);
		engine.awaitDone(Ending.SUPERSEDED, 1);
		assertThat(this.bucket.versionsOf("media/a")).isEqualTo(1);
	}

	@Test
	void carriesOutDeletes() throws Exception {
		EngineHarness engine = engine(this.store);
		engine.receive(this.volume.stored("a", BYTES));
		engine.awaitDone(Ending.REPLICATED, 1);
		MediaDeleted delete = this.volume.deleted("a");
		engine.receive(delete);
		engine.awaitDone(Ending.REMOVED, 1);
		assertThat(engine.ledger()).last()
			.isInstanceOfSatisfying(ReplicaRemoved.class,
					(entry) -> assertThat(entry.disposition()).isEqualTo(ReplicaRemoved.Disposition.DELETE_MARKER));
		assertThat(this.bucket.head("media/a")).isEmpty();
	}

	@Test
	void putsAgainWhenTheBucketHasJustBeenMade() {
		EngineHarness engine = engine(this.store);
		this.store.failNext(1, StoreException.Kind.NO_BUCKET);
		engine.receive(this.volume.stored("a", BYTES));
		engine.awaitDone(Ending.REPLICATED, 1);
		assertThat(engine.published(Topics.RETRIES)).isEmpty();
	}

	@Test
	void getsOverPassingFaultsInPlace() {
		EngineHarness engine = engine(this.store);
		this.store.failNext(2, StoreException.Kind.TRANSIENT);
		engine.receive(this.volume.stored("a", BYTES));
		engine.awaitDone(Ending.REPLICATED, 1);
		assertThat(engine.ledger()).singleElement()
			.isInstanceOfSatisfying(Replicated.class, (entry) -> assertThat(entry.attempts()).isEqualTo(3));
		assertThat(engine.published(Topics.RETRIES)).isEmpty();
	}

	@Test
	void putsIntoTheRetryLaneWhatGoesOnFailing_andReplicatesItFromThere() {
		EngineHarness engine = engine(this.store);
		this.store.failNext(3, StoreException.Kind.TRANSIENT);
		MediaStored event = this.volume.stored("a", BYTES);
		engine.receive(event);
		engine.awaitDone(Ending.RETRY_LANE, 1);
		assertThat(engine.watermark()).isZero();
		assertThat(engine.published(Topics.RETRIES)).singleElement().satisfies((message) -> {
			assertThat(message.key()).isEqualTo(event.key());
			assertThat(text(message, RetryHeaders.STORE)).isEqualTo("primary");
			assertThat(text(message, RetryHeaders.ATTEMPTS)).isEqualTo("3");
			assertThat(text(message, RetryHeaders.ORIGIN)).isEqualTo("media.events-0@0");
		});
		engine.turnRetryLane();
		engine.awaitDone(Ending.REPLICATED, 1);
		assertThat(engine.watermark(RETRIES)).isZero();
		assertThat(engine.ledger()).last()
			.isInstanceOfSatisfying(Replicated.class, (entry) -> assertThat(entry.attempts()).isEqualTo(4));
	}

	/** A restart reads again what the watermark had not passed. */
	@Test
	void doesNotMultiplyARetryThatIsReadAgain() throws Exception {
		EngineHarness engine = engine(new ForwardingStore(this.bucket) {
			@Override
			public StoredObject put(PutRequest request, ContentSource content) throws StoreException {
				throw new StoreException(StoreException.Kind.TRANSIENT, "put", request.key(), "always", "", null);
			}
		});
		engine.receive(this.volume.stored("a", BYTES));
		engine.awaitDone(Ending.RETRY_LANE, 1);
		engine.turnRetryLane();
		engine.awaitDone(Ending.RETRY_LANE, 2);

		// Both rounds are read again, the first of them long due.
		EngineHarness restarted = engine(this.store);
		this.store.failNext(3, StoreException.Kind.TRANSIENT);
		RecordHeaders due = new RecordHeaders(engine.published(Topics.RETRIES).getFirst().headers());
		RetryHeaders.put(due, RetryHeaders.DUE, "0");
		RecordHeaders later = new RecordHeaders(engine.published(Topics.RETRIES).getLast().headers());
		RetryHeaders.put(later, RetryHeaders.DUE, Long.toString(System.currentTimeMillis() + 60_000));
		restarted.receive(RETRIES, engine.published(Topics.RETRIES).getLast().value(), later);
		restarted.receive(RETRIES, engine.published(Topics.RETRIES).getFirst().value(), due);
		restarted.awaitDone(Ending.SUPERSEDED, 1);
		assertThat(restarted.published(Topics.RETRIES)).isEmpty();
	}

	@Test
	void waitsOutAnOutageWithoutSpendingAnAttempt() {
		EngineHarness engine = engine(this.store);
		this.store.outage(StoreException.Kind.UNREACHABLE);
		for (int i = 0; i < 50; i++) {
			engine.receive(this.volume.stored("f" + i, BYTES));
		}
		soon().until(() -> engine.gates().store().state() == GateState.DOWN && engine.gates().waiting() == 50);
		soon().until(() -> engine.isPaused(Flow.Source.EVENTS) && engine.isPaused(Flow.Source.RETRIES));
		int probes = this.store.probes();
		int puts = this.store.puts();
		assertThat(puts).isLessThanOrEqualTo(PLACES);
		soon().until(() -> this.store.probes() > probes + 5);
		assertThat(this.store.puts()).isEqualTo(puts);
		assertThat(engine.watermark()).isEqualTo(-1);

		this.store.recover();
		engine.awaitDone(Ending.REPLICATED, 50);
		assertThat(engine.published(Topics.RETRIES)).isEmpty();
		assertThat(engine.published(Topics.DEAD_LETTERS)).isEmpty();
		soon().until(() -> !engine.isPaused(Flow.Source.EVENTS) && !engine.isPaused(Flow.Source.RETRIES));
		assertThat(engine.watermark()).isEqualTo(49);
	}

	@Test
	void waitsWhereTheStoreAsksForLessTraffic() {
		EngineHarness engine = engine(this.store);
		this.store.outage(StoreException.Kind.THROTTLED);
		for (int i = 0; i < 10; i++) {
			engine.receive(this.volume.stored("f" + i, BYTES));
		}
		soon().until(() -> engine.gates().waiting() == 10);
		this.store.recover();
		engine.awaitDone(Ending.REPLICATED, 10);
		assertThat(engine.published(Topics.RETRIES)).isEmpty();
	}

	/** A bucket that may be looked at and not be written to. */
	@Test
	void waitsWhereEveryPutIsDeniedThoughTheProbePasses() {
		Set<String> denied = ConcurrentHashMap.newKeySet();
		denied.add("");
		EngineHarness engine = engine(denying(denied));
		for (int i = 0; i < 40; i++) {
			engine.receive(this.volume.stored("f" + i, BYTES));
		}
		soon().until(() -> engine.gates().store().state() != GateState.UP);
		int spent = engine.published(Topics.RETRIES).size();
		assertThat(spent).isLessThan(PLACES * 2);
		// Trials fail, again and again, and none of them costs an attempt.
		soon().until(() -> this.store.probes() > 5);
		assertThat(engine.published(Topics.RETRIES)).hasSize(spent);
		assertThat(engine.published(Topics.DEAD_LETTERS)).isEmpty();

		denied.clear();
		engine.awaitDone(Ending.REPLICATED, 40 - spent);
		assertThat(engine.turnRetryLane()).isEqualTo(spent);
		engine.awaitDone(Ending.REPLICATED, 40);
	}

	@Test
	void doesNotTakeOneKeyThatIsDeniedForAnOutage() {
		EngineHarness engine = engine(denying(Set.of("media/secret")));
		engine.receive(this.volume.stored("secret", BYTES));
		for (int i = 0; i < 20; i++) {
			engine.receive(this.volume.stored("f" + i, BYTES));
		}
		engine.awaitDone(Ending.REPLICATED, 20);
		engine.awaitDone(Ending.RETRY_LANE, 1);
		assertThat(engine.gates().store().state()).isEqualTo(GateState.UP);
	}

	private ObjectStore denying(Set<String> keys) {
		return new ForwardingStore(this.store) {
			@Override
			public StoredObject put(PutRequest request, ContentSource content)
					throws StoreException, IOException, InterruptedException {
				if (keys.contains(request.key()) || keys.contains("")) {
					throw new StoreException(StoreException.Kind.DENIED, "put", request.key(), "AccessDenied", "",
							null);
				}
				return super.put(request, content);
			}
		};
	}

	@Test
	void waitsForAVolumeThatIsAway_whileOthersGoOn() throws IOException {
		Path other = Files.createDirectory(this.directory.resolve("other"));
		VolumeName otherName = new VolumeName("other");
		MediaSource both = new MountedVolumes(Map.of(TestVolume.NAME, this.directory, otherName, other), null);
		EngineHarness engine = engine(this.store, both, 100);
		MediaStored event = this.volume.event("a", BYTES);
		this.volume.removeMarker();
		engine.receive(event);
		soon().until(() -> engine.gates().waiting() == 1);

		Files.write(other.resolve("b"), BYTES);
		engine.receive(new MediaStored(new MediaId(otherName, "b"), event.version(), 3, Digest.of(BYTES), "image/png",
				event.modified(), null, null, event.origin()));
		engine.awaitDone(Ending.REPLICATED, 1);

		this.volume.write("a", BYTES);
		this.volume.putMarker();
		engine.awaitDone(Ending.REPLICATED, 2);
		assertThat(engine.published(Topics.RETRIES)).isEmpty();
	}

	@Test
	void carriesOutTheEventsOfAFileOneByOne_andSkipsThoseInBetween() throws Exception {
		EngineHarness engine = engine(this.store);
		FaultyObjectStore.Hang hang = this.store.hangNext();
		engine.receive(this.volume.stored("a", new byte[] { 1 }));
		hang.awaitEntered();
		engine.receive(this.volume.stored("a", new byte[] { 2 }));
		engine.receive(this.volume.stored("a", new byte[] { 3 }));
		MediaStored last = this.volume.stored("a", new byte[] { 4 });
		engine.receive(last);
		engine.awaitDone(Ending.SUPERSEDED, 2);
		assertThat(this.store.puts()).isEqualTo(1);
		assertThat(engine.watermark()).isEqualTo(-1);
		hang.release();
		engine.awaitDone(Ending.REPLICATED, 2);
		assertThat(this.bucket.head("media/a").orElseThrow().metadata()).isNotNull()
			.satisfies((metadata) -> assertThat(metadata.version()).isEqualTo(last.version()));
		assertThat(engine.watermark()).isEqualTo(3);
	}

	@Test
	void letsLargeFilesDelayNoSmallOnes() {
		CountDownLatch release = new CountDownLatch(1);
		CountDownLatch largeInWork = new CountDownLatch(2);
		EngineHarness engine = engine(new ForwardingStore(this.bucket) {
			@Override
			public StoredObject put(PutRequest request, ContentSource content)
					throws StoreException, IOException, InterruptedException {
				if (request.size() > LARGE) {
					largeInWork.countDown();
					release.await();
				}
				return super.put(request, content);
			}
		});
		for (int i = 0; i < 5; i++) {
			engine.receive(this.volume.stored("large" + i, new byte[LARGE + 1]));
		}
		soon().until(() -> largeInWork.getCount() == 0);
		for (int i = 0; i < 20; i++) {
			engine.receive(this.volume.stored("small" + i, BYTES));
		}
		engine.awaitDone(Ending.REPLICATED, 20);
		assertThat(engine.watermark()).isEqualTo(-1);
		release.countDown();
		engine.awaitDone(Ending.REPLICATED, 25);
		assertThat(engine.watermark()).isEqualTo(24);
	}

	@Test
	void pausesWhenEnoughIsInFlight_andGoesOnWhenAQuarterIsDone() throws Exception {
		EngineHarness engine = engine(this.store, this.volume.source(), 20);
		FaultyObjectStore.Hang hang = this.store.hangNext();
		engine.receive(this.volume.stored("a", BYTES));
		hang.awaitEntered();
		engine.hold();
		for (int i = 0; i < 19; i++) {
			engine.receive(this.volume.stored("f" + i, BYTES));
		}
		soon().until(() -> engine.isPaused(Flow.Source.EVENTS));
		assertThat(engine.isPaused(Flow.Source.RETRIES)).isFalse();
		engine.letGo();
		soon().until(() -> !engine.isPaused(Flow.Source.EVENTS));
		hang.release();
		engine.awaitDone(Ending.REPLICATED, 20);
	}

	/** As after a stop for longer than any delay of the lane. */
	@Test
	void pausesTheLaneWhenEnoughOfItIsInFlight_thoughAllIsDue() {
		EngineHarness engine = engine(this.store);
		engine.hold();
		for (int i = 0; i < EngineHarness.MOST_HELD; i++) {
			engine.receive(RETRIES, new CloudEventCodec().encode(this.volume.stored("f" + i, BYTES)), null);
		}
		soon().until(() -> engine.isPaused(Flow.Source.RETRIES));
		engine.letGo();
		engine.awaitDone(Ending.REPLICATED, EngineHarness.MOST_HELD);
		soon().until(() -> !engine.isPaused(Flow.Source.RETRIES));
		assertThat(engine.isPaused(Flow.Source.EVENTS)).isFalse();
	}

	@Test
	void goesOnWithAFileWhoseRetryWasDueWhenItsPartitionMovedOn() {
		EngineHarness engine = engine(this.store);
		MediaStored event = this.volume.stored("a", BYTES);
		engine.whenDue((_) -> engine.assignments().revoked(List.of(RETRIES), true));
		RecordHeaders headers = new RecordHeaders();
		RetryHeaders.put(headers, RetryHeaders.DUE, Long.toString(System.currentTimeMillis() + 100));
		engine.receive(RETRIES, new CloudEventCodec().encode(event), headers);
		engine.awaitDone(Ending.ABANDONED, 1);

		engine.whenDue((_) -> {
		});
		engine.receive(event);
		engine.awaitDone(Ending.REPLICATED, 1);
		assertThat(engine.inFlight()).isZero();
	}

	@Test
	void forgetsTheTimersOfRetriesWhosePartitionMovedOn() {
		EngineHarness engine = engine(this.store);
		RecordHeaders headers = new RecordHeaders();
		RetryHeaders.put(headers, RetryHeaders.DUE, Long.toString(System.currentTimeMillis() + 3_600_000));
		int before = engine.timers();
		for (int round = 0; round < 3; round++) {
			for (int i = 0; i < 10; i++) {
				engine.receive(RETRIES, new CloudEventCodec().encode(this.volume.stored("f" + i, BYTES)), headers);
			}
			assertThat(engine.timers()).isEqualTo(before + 10);
			engine.assignments().revoked(List.of(RETRIES), true);
			assertThat(engine.timers()).isEqualTo(before);
		}
		engine.awaitDone(Ending.ABANDONED, 30);
	}

	@Test
	void acknowledgesNothingOfAPartitionThatMovedOnInMidUpload() throws Exception {
		EngineHarness engine = engine(this.store);
		FaultyObjectStore.Hang hang = this.store.hangNext();
		engine.receive(this.volume.stored("a", BYTES));
		hang.awaitEntered();
		engine.receive(this.volume.stored("b", BYTES));
		engine.awaitDone(Ending.REPLICATED, 1);
		engine.assignments().revoked(List.of(EVENTS), true);
		engine.awaitDone(Ending.ABANDONED, 1);
		assertThat(engine.watermark()).isEqualTo(-1);
		assertThat(this.bucket.head("media/a")).isEmpty();
		assertThat(engine.published(Topics.RETRIES)).isEmpty();
	}

	/** A consumer that seeks back without a rebalance. */
	@Test
	void ignoresWhatComesAgainWhileItIsUnfinished() throws Exception {
		EngineHarness engine = engine(this.store);
		FaultyObjectStore.Hang hang = this.store.hangNext();
		MediaStored unfinished = this.volume.stored("a", BYTES);
		MediaStored behind = this.volume.stored("b", BYTES);
		engine.receive(unfinished);
		hang.awaitEntered();
		engine.receive(behind);
		engine.awaitDone(Ending.REPLICATED, 1);
		engine.goBack(EVENTS, 0);
		engine.receive(unfinished);
		engine.receive(behind);
		hang.release();
		engine.awaitDone(Ending.REPLICATED, 2);
		assertThat(engine.newlyAcknowledged(EVENTS)).containsExactly(1L);
		assertThat(this.store.puts()).isEqualTo(2);
	}

	/** Kafka lost the end of a partition, or was told to begin elsewhere. */
	@Test
	void carriesOutOtherEventsAtOffsetsThatWereAcknowledged() throws Exception {
		EngineHarness engine = engine(this.store);
		engine.receive(this.volume.stored("a", BYTES));
		engine.receive(this.volume.stored("b", BYTES));
		engine.awaitDone(Ending.REPLICATED, 2);
		FaultyObjectStore.Hang hang = this.store.hangNext();
		engine.receive(this.volume.stored("lost by Kafka", BYTES));
		hang.awaitEntered();
		assertThat(engine.newlyAcknowledged(EVENTS)).last().isEqualTo(1L);

		engine.goBack(EVENTS, 1);
		engine.receive(this.volume.stored("c", BYTES));
		engine.awaitDone(Ending.REPLICATED, 3);
		assertThat(engine.newlyAcknowledged(EVENTS)).containsExactly(1L);
		assertThat(this.bucket.head("media/c")).isPresent();
		hang.release();
		engine.awaitDone(Ending.REPLICATED, 4);
		assertThat(engine.newlyAcknowledged(EVENTS)).as("the offset of what Kafka no longer has").isEmpty();
	}

	@Test
	void carriesOutAnotherEventAtAnOffsetThatIsUnfinished() throws Exception {
		EngineHarness engine = engine(this.store);
		FaultyObjectStore.Hang hang = this.store.hangNext();
		engine.receive(this.volume.stored("lost by Kafka", BYTES));
		hang.awaitEntered();
		engine.goBack(EVENTS, 0);
		engine.receive(this.volume.stored("a", BYTES));
		engine.awaitDone(Ending.REPLICATED, 1);
		assertThat(this.bucket.head("media/a")).isPresent();
		assertThat(engine.newlyAcknowledged(EVENTS)).containsExactly(0L);
		hang.release();
		engine.awaitDone(Ending.REPLICATED, 2);
		assertThat(engine.newlyAcknowledged(EVENTS)).isEmpty();
	}

	@Test
	void letsWhatIsInWorkFinishWhenAPartitionMovesOn() throws Exception {
		EngineHarness engine = engine(this.store);
		engine.hold();
		engine.receive(this.volume.stored("a", BYTES));
		soon().until(() -> engine.heldBack() == 1);
		Thread revoking = Thread.ofVirtual().start(() -> engine.assignments().revoked(List.of(EVENTS), true));
		engine.letGo();
		revoking.join();
		assertThat(engine.watermark()).isZero();
	}

	@Test
	void interruptsAtOnceWhereAPartitionIsLost_andALateAnswerAcknowledgesNothing() throws Exception {
		EngineHarness engine = engine(this.store);
		engine.hold();
		engine.receive(this.volume.stored("a", BYTES));
		soon().until(() -> engine.heldBack() == 1);
		engine.assignments().revoked(List.of(EVENTS), false);
		engine.letGo();
		engine.awaitDone(Ending.REPLICATED, 1);
		assertThat(engine.watermark()).isEqualTo(-1);
	}

	@Test
	void abandonsWhatWaitsAtAGateWhenItsPartitionMovesOn() {
		EngineHarness engine = engine(this.store);
		this.store.outage(StoreException.Kind.UNREACHABLE);
		for (int i = 0; i < 10; i++) {
			engine.receive(this.volume.stored("f" + i, BYTES));
		}
		soon().until(() -> engine.gates().waiting() == 10);
		engine.assignments().revoked(List.of(EVENTS), true);
		engine.awaitDone(Ending.ABANDONED, 10);
		this.store.recover();
		soon().until(() -> engine.gates().store().state() == GateState.UP
				|| engine.gates().store().state() == GateState.TRYING);
		engine.receive(RETRIES, new CloudEventCodec().encode(this.volume.stored("new", BYTES)), null);
		engine.awaitDone(Ending.REPLICATED, 1);
	}

	@Test
	void stopsWithoutAcknowledgingWhatIsUnfinished() throws Exception {
		EngineHarness engine = engine(this.store);
		FaultyObjectStore.Hang hang = this.store.hangNext();
		engine.receive(this.volume.stored("a", BYTES));
		hang.awaitEntered();
		engine.assignments().drain(Duration.ofMillis(50));
		engine.awaitDone(Ending.ABANDONED, 1);
		assertThat(engine.watermark()).isEqualTo(-1);
		assertThat(engine.isPaused(Flow.Source.EVENTS)).isTrue();
	}

}
