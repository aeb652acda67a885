package dev.holdfast.app.catalog;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import dev.holdfast.model.CloudEventCodec;
import dev.holdfast.model.FailureClass;
import dev.holdfast.model.LedgerRecord;
import dev.holdfast.model.MediaEvent;
import dev.holdfast.model.MediaId;
import dev.holdfast.model.MediaStored;
import dev.holdfast.model.Replicated;
import dev.holdfast.model.ReplicaRemoved;
import dev.holdfast.model.ReplicationFailed;
import dev.holdfast.model.StoreName;
import dev.holdfast.model.Topics;
import dev.holdfast.model.Version;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class ProjectorTest {

	private static final MediaId LOGO = Samples.id("base/logo.png");

	private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

	@TempDir
	Path directory;

	private Catalog catalog;

	private Projector projector;

	private long offset;

	@BeforeEach
	void open() {
		this.catalog = Catalog.open(this.directory, Clock.systemUTC());
		this.projector = this.catalog.projector();
	}

	@AfterEach
	void close() {
		this.catalog.close();
	}

	@Test
	void anEventOfAnotherPublisherIsKnownAndPending() {
		MediaStored event = Samples.stored(LOGO, "theirs").apply(Version.at(NOON));

		assertThat(project(event)).isEqualTo(Projected.APPLIED);
		assertThat(this.catalog.find(LOGO)).contains(new CatalogEntry(event, null));
		assertThat(this.catalog.status(LOGO).orElseThrow().state()).isEqualTo(ReplicaState.PENDING);
		assertThat(this.catalog.outboxAfter(0, 10)).isEmpty();
	}

	@Test
	void ourOwnEventComesBackOnceAndLeavesTheOutboxAndKeepsItsStamp() {
		MediaStored event = store("ours");

		assertThat(this.catalog.status(LOGO).orElseThrow().inOutbox()).isTrue();
		assertThat(project(event)).isEqualTo(Projected.OWN);
		assertThat(project(event)).isEqualTo(Projected.DUPLICATE);
		assertThat(this.catalog.outboxAfter(0, 10)).isEmpty();
		assertThat(this.catalog.status(LOGO).orElseThrow().inOutbox()).isFalse();
		assertThat(this.catalog.find(LOGO)).contains(new CatalogEntry(event, Samples.stamp("ours")));
		assertThat(this.catalog.totals().outboxWaiting()).isZero();
	}

	@Test
	void anOlderEventChangesNothing() {
		MediaStored newer = Samples.stored(LOGO, "newer").apply(Version.at(NOON.plusSeconds(1)));
		project(newer);

		assertThat(project(Samples.stored(LOGO, "older").apply(Version.at(NOON)))).isEqualTo(Projected.STALE);
		assertThat(this.catalog.find(LOGO)).contains(new CatalogEntry(newer, null));
	}

	@Test
	void anUploadRecordedBeforeItsHistoryWasReadGetsAVersionAfterIt() throws Exception {
		MediaStored upload = store("the later bytes");
		Version future = Version.at(Instant.now().plus(Duration.ofDays(1)));

		assertThat(project(Samples.stored(LOGO, "from before").apply(future))).isEqualTo(Projected.OVERTAKEN);

		CatalogEntry now = this.catalog.find(LOGO).orElseThrow();
		MediaStored again = (MediaStored) now.event();
		assertThat(again.version()).isGreaterThan(future);
		assertThat(again.digest()).isEqualTo(upload.digest());
		assertThat(now.stamp()).isEqualTo(Samples.stamp("the later bytes"));
		List<OutboxEvent> waiting = this.catalog.outboxAfter(0, 10);
		assertThat(waiting).hasSize(2);
		assertThat(new CloudEventCodec().decodeEvent(waiting.getLast().value())).isEqualTo(again);
		assertThat(project(upload)).isEqualTo(Projected.STALE);
		assertThat(project(again)).isEqualTo(Projected.OWN);
		assertThat(this.catalog.outboxAfter(0, 10)).isEmpty();
	}

	@Test
	void aDeleteRecordedBeforeItsHistoryWasReadGetsAVersionAfterItToo() {
		this.catalog.recordDeleted(LOGO, Samples.deleted(LOGO));
		Version future = Version.at(Instant.now().plus(Duration.ofDays(1)));

		assertThat(project(Samples.stored(LOGO, "from before").apply(future))).isEqualTo(Projected.OVERTAKEN);
		assertThat(this.catalog.find(LOGO).orElseThrow().event().version()).isGreaterThan(future);
		assertThat(this.catalog.totals().deleted()).isOne();
	}

	@Test
	void anEventThatWasSeenInTheLogGivesWayToALaterOne() {
		MediaStored ours = store("ours");
		project(ours);
		MediaStored theirs = Samples.stored(LOGO, "theirs").apply(ours.version().next());

		assertThat(project(theirs)).isEqualTo(Projected.APPLIED);
		assertThat(this.catalog.find(LOGO)).contains(new CatalogEntry(theirs, null));
	}

	@Test
	void theNextVersionFollowsWhatTheLogSays() {
		Version future = Version.at(Instant.now().plus(Duration.ofDays(1)));
		project(Samples.stored(LOGO, "theirs").apply(future));

		assertThat(store("ours").version()).isGreaterThan(future);
	}

	@Test
	void theNextVersionFollowsWhatTheLedgerSaysOfEventsThatAreNotThereYet() {
		Version future = Version.at(Instant.now().plus(Duration.ofDays(1)));
		project(replicated(LOGO, future, "x"));
		assertThat(this.catalog.find(LOGO)).isEmpty();

		assertThat(store("ours").version()).isGreaterThan(future);
	}

	@Test
	void aReplicaSettlesTheWait() throws Exception {
		MediaStored event = store("ours");
		try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
			Future<ReplicaState> waiting = threads
				.submit(() -> this.catalog.awaitSettled(LOGO, event.version(), Duration.ofMinutes(1)));
			project(failed(event.version(), NOON));
			project(replicated(LOGO, event.version(), "ours"));
			assertThat(waiting.get()).isEqualTo(ReplicaState.REPLICATED);
		}
	}

	@Test
	void theStateFollowsTheLedger() {
		MediaStored event = store("ours");
		project(failed(event.version(), NOON));
		assertThat(state()).isEqualTo(ReplicaState.RETRYING);
		project(failed(event.version(), null));
		assertThat(state()).isEqualTo(ReplicaState.DEAD_LETTERED);
		project(replicated(LOGO, event.version(), "ours"));
		assertThat(state()).isEqualTo(ReplicaState.REPLICATED);
		Totals totals = this.catalog.totals();
		assertThat(totals.replicated()).isEqualTo(new Totals.Count(1, 4)).isEqualTo(totals.known());
		assertThat(totals.oldestUnreplicated()).isNull();
	}

	@Test
	void theLedgerOfAnOlderVersionNeverChangesTheStateOfTheNewer() {
		Version first = store("first").version();
		Version second = store("second").version();
		project(replicated(LOGO, second, "second"));
		assertThat(state()).isEqualTo(ReplicaState.REPLICATED);

		assertThat(project(replicated(LOGO, first, "first"))).isEqualTo(Projected.STALE);
		assertThat(project(failed(first, null))).isEqualTo(Projected.STALE);
		project(replicated(LOGO, first, "first", new StoreName("second-store")));
		assertThat(state()).isEqualTo(ReplicaState.REPLICATED);
	}

	@Test
	void aNewVersionIsPendingThoughTheOlderIsReplicated() {
		project(replicated(LOGO, store("first").version(), "first"));
		store("second");

		assertThat(state()).isEqualTo(ReplicaState.PENDING);
	}

	@Test
	void aReportThatComesBeforeItsEventCountsWhenThatComes() {
		MediaStored event = Samples.stored(LOGO, "theirs").apply(Version.at(NOON));
		project(replicated(LOGO, event.version(), "theirs"));
		assertThat(this.catalog.find(LOGO)).isEmpty();
		assertThat(this.catalog.totals().known().files()).isZero();

		project(event);
		assertThat(state()).isEqualTo(ReplicaState.REPLICATED);
		assertThat(this.catalog.totals().replicated().files()).isOne();
	}

	@Test
	void aDeleteIsRemovedWhenTheStoreSaysSo() {
		store("first");
		Version version = this.catalog.recordDeleted(LOGO, Samples.deleted(LOGO)).version();
		assertThat(state()).isEqualTo(ReplicaState.PENDING);
		project(new ReplicaRemoved(LOGO, version, StoreName.PRIMARY, NOON, ReplicaRemoved.Disposition.DELETE_MARKER,
				null));

		assertThat(state()).isEqualTo(ReplicaState.REMOVED);
		assertThat(this.catalog.totals().known().files()).isZero();
		assertThat(this.catalog.totals().deleted()).isOne();
	}

	@Test
	void aMalformedRecordIsCountedAndTheRestOfTheBatchIsProjected() {
		MediaStored event = Samples.stored(LOGO, "theirs").apply(Version.at(NOON));
		List<LogRecord> batch = List.of(new LogRecord(Topics.EVENTS, 0, 1, "no event".getBytes(StandardCharsets.UTF_8)),
				new LogRecord(Topics.EVENTS, 0, 2, null),
				new LogRecord(Topics.EVENTS, 0, 3, new CloudEventCodec().encode(event)));

		assertThat(this.projector.project(batch, Map.of())).containsOnly(Map.entry(Projected.MALFORMED, 2),
				Map.entry(Projected.APPLIED, 1));
		assertThat(this.catalog.totals().malformed()).isEqualTo(2);
		assertThat(this.catalog.find(LOGO)).isPresent();
	}

	@Test
	void offsetsAreKeptAndDroppedWithTheTopicTheyAreAbout() {
		LogPartition partition = new LogPartition(Topics.EVENTS, 3);
		assertThat(this.projector.use(List.of(new LogSource(Topics.EVENTS, "id1", "cluster")))).isEmpty();
		this.projector.project(List.of(), Map.of(partition, 17L));
		assertThat(this.projector.use(List.of(new LogSource(Topics.EVENTS, "id1", "cluster")))).isEmpty();
		assertThat(this.projector.positions()).containsExactly(Map.entry(partition, 17L));

		assertThat(this.projector.use(List.of(new LogSource(Topics.EVENTS, "id2", "cluster"))))
			.containsExactly(Topics.EVENTS);
		assertThat(this.projector.positions()).isEmpty();
	}

	private ReplicaState state() {
		return this.catalog.status(LOGO).orElseThrow().state();
	}

	private MediaStored store(String content) {
		return this.catalog.recordStored(LOGO, Samples.stamp(content), Samples.stored(LOGO, content));
	}

	private Projected project(MediaEvent event) {
		return project(Topics.EVENTS, new CloudEventCodec().encode(event));
	}

	private Projected project(LedgerRecord report) {
		return project(Topics.REPLICAS, new CloudEventCodec().encode(report));
	}

	private Projected project(String topic, byte[] value) {
		return this.projector
			.project(List.of(new LogRecord(topic, 0, this.offset, value)),
					Map.of(new LogPartition(topic, 0), ++this.offset))
			.keySet()
			.iterator()
			.next();
	}

	private static Replicated replicated(MediaId id, Version version, String content) {
		return replicated(id, version, content, StoreName.PRIMARY);
	}

	private static Replicated replicated(MediaId id, Version version, String content, StoreName store) {
		MediaStored stored = Samples.stored(id, content).apply(version);
		return new Replicated(id, version, store, NOON, "bucket", id.toString(), "v1", "etag", stored.size(),
				stored.digest(), 1);
	}

	private static ReplicationFailed failed(Version version, @Nullable Instant next) {
		return new ReplicationFailed(LOGO, version, StoreName.PRIMARY, NOON, FailureClass.STUBBORN, "refused", 3, next);
	}

}
