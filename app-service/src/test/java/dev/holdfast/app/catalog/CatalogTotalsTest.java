package dev.holdfast.app.catalog;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

import dev.holdfast.app.catalog.ListFilter.Selection;
import dev.holdfast.model.CloudEventCodec;
import dev.holdfast.model.Digest;
import dev.holdfast.model.FailureClass;
import dev.holdfast.model.LedgerRecord;
import dev.holdfast.model.MediaEvent;
import dev.holdfast.model.MediaId;
import dev.holdfast.model.MediaStored;
import dev.holdfast.model.ReplicaRemoved;
import dev.holdfast.model.Replicated;
import dev.holdfast.model.ReplicationFailed;
import dev.holdfast.model.StoreName;
import dev.holdfast.model.Topics;
import dev.holdfast.model.Version;
import dev.holdfast.model.VolumeName;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Totals and listings against counting everything.
 */
class CatalogTotalsTest {

	@TempDir
	Path directory;

	private Catalog catalog;

	@BeforeEach
	void open() {
		this.catalog = Catalog.open(this.directory, Clock.systemUTC());
	}

	@AfterEach
	void close() {
		this.catalog.close();
	}

	@Test
	void totalsAreWhatCountingEveryFileGivesWhateverHappened() {
		long seed = System.nanoTime();
		Random random = new Random(seed);
		List<MediaEvent.OfFile> history = new ArrayList<>();
		for (int i = 0; i < 1500; i++) {
			step(random, history, i);
		}
		assertThat(this.catalog.totals()).as("seed %d", seed).isEqualTo(counted());
		assertThat(this.catalog.outboxCounts().accepted()).as("seed %d", seed)
			.isEqualTo(this.catalog.outboxCounts().published() + this.catalog.totals().outboxWaiting());
		for (String volume : List.of("media", "other", "none")) {
			assertThat(this.catalog.totals(new VolumeName(volume))).as("of %s, seed %d", volume, seed)
				.isEqualTo(counted(new VolumeName(volume)));
		}
		OutboxCounts before = this.catalog.outboxCounts();
		this.catalog.close();
		open();
		assertThat(this.catalog.outboxCounts().inherited()).isEqualTo(before.accepted() - before.published());
	}

	private void step(Random random, List<MediaEvent.OfFile> history, int i) {
		MediaId id = MediaId.of((random.nextInt(3) == 0) ? "other" : "media",
				((random.nextInt(2) == 0) ? "a/" : "b/") + random.nextInt(40));
		switch (random.nextInt(7)) {
			case 0, 1 -> history.add(this.catalog.recordStored(id, Samples.stamp("c" + i),
					Samples.stored(id, "content".repeat(i % 7) + i)));
			case 2 -> history.add(this.catalog.recordDeleted(id, Samples.deleted(id)));
			case 3 -> {
				MediaStored foreign = Samples.stored(id, "foreign " + i)
					.apply(Version.at(Instant.now().plusMillis(random.nextInt(4000) - 2000)));
				history.add(foreign);
				project(Topics.EVENTS, new CloudEventCodec().encode(foreign));
			}
			case 4 -> {
				if (!history.isEmpty()) {
					project(Topics.EVENTS, new CloudEventCodec().encode(history.get(random.nextInt(history.size()))));
				}
			}
			case 5 -> this.catalog.find(id)
				.filter((known) -> known.event() instanceof MediaStored)
				.ifPresent((known) -> scanned(random, known, Samples.stamp("s" + i)));
			default -> {
				if (!history.isEmpty()) {
					LedgerRecord report = report(random, history.get(random.nextInt(history.size())));
					project(Topics.REPLICAS, new CloudEventCodec().encode(report));
				}
			}
		}
	}

	private void scanned(Random random, CatalogEntry known, FileStamp stamp) {
		MediaId id = known.event().id();
		switch (random.nextInt(4)) {
			case 0 -> this.catalog.scanRecords().markMissing(List.of(known), Instant.now());
			case 1 ->
				this.catalog.scanRecords().markDamaged(id, known.event().version(), Digest.of(new byte[1]), stamp);
			case 2 -> this.catalog.scanRecords().markFound(List.of(id));
			default -> this.catalog.recordStamp(id, known.event().version(), stamp);
		}
	}

	private static LedgerRecord report(Random random, MediaEvent.OfFile event) {
		StoreName store = new StoreName((random.nextInt(4) == 0) ? "second" : "primary");
		Instant at = Instant.now();
		if (event instanceof MediaStored stored) {
			return (random.nextInt(3) == 0)
					? new ReplicationFailed(stored.id(), stored.version(), store, at, FailureClass.STUBBORN, "no", 1,
							random.nextBoolean() ? null : at)
					: new Replicated(stored.id(), stored.version(), store, at, "b", "k", null, "e", stored.size(),
							stored.digest(), 1);
		}
		return new ReplicaRemoved(event.id(), event.version(), store, at, ReplicaRemoved.Disposition.KEPT, null);
	}

	private void project(String topic, byte[] value) {
		this.catalog.projector().project(List.of(new LogRecord(topic, 0, 0, value)), Map.of());
	}

	@Test
	void missingAndDamagedFilesOfAVolumeAreCounted() {
		for (String file : List.of("media/lost", "media/rotten", "other/lost")) {
			MediaId id = MediaId.parse(file);
			this.catalog.recordStored(id, Samples.stamp("a"), Samples.stored(id, "four"));
		}
		MediaId rotten = MediaId.of("media", "rotten");
		this.catalog.scanRecords()
			.markDamaged(rotten, entry(rotten).event().version(), Digest.of(new byte[1]), Samples.stamp("b"));
		this.catalog.scanRecords()
			.markMissing(List.of(entry(MediaId.of("media", "lost")), entry(MediaId.of("other", "lost"))),
					Instant.now());

		Totals media = this.catalog.totals(new VolumeName("media"));
		assertThat(media.known()).isEqualTo(new Totals.Count(2, 8));
		assertThat(media.missing()).isEqualTo(new Totals.Count(1, 4));
		assertThat(media.damaged()).isEqualTo(new Totals.Count(1, 4));
		assertThat(this.catalog.totals().missing()).isEqualTo(new Totals.Count(2, 8));
	}

	/**
	 * Also where most of them wait.
	 */
	@Test
	void noFileIsLookedAtToCountThem() {
		for (int i = 0; i < 100; i++) {
			MediaId id = MediaId.of((i % 2 == 0) ? "media" : "other", "file-" + i);
			this.catalog.recordStored(id, Samples.stamp("a"), Samples.stored(id, "a"));
		}
		assertThat(plan(Totals.OF_VOLUME, "media", Tx.NO_VOLUME)).allMatch((step) -> step.startsWith("SEARCH totals"));
		assertThat(plan(Totals.OLDEST_OF_VOLUME, "media"))
			.containsExactly("SEARCH files USING INDEX files_waiting (volume=?)");
		assertThat(plan(Totals.OLDEST)).contains("SEARCH files USING INDEX files_waiting (volume=?)")
			.noneMatch((step) -> step.contains("SCAN files"));
	}

	private List<String> plan(String sql, @Nullable Object... values) {
		return this.catalog.readers().read((session) -> {
			List<String> plan = new ArrayList<>();
			session.each("EXPLAIN QUERY PLAN " + sql, (row) -> plan.add(row.getString("detail")), values);
			return plan;
		});
	}

	private CatalogEntry entry(MediaId id) {
		return this.catalog.find(id).orElseThrow();
	}

	private Totals counted() {
		return counted(null);
	}

	private Totals counted(@Nullable VolumeName volume) {
		Map<ReplicaState, Totals.Count> counts = new EnumMap<>(ReplicaState.class);
		Set<Version> unreplicated = new HashSet<>();
		Totals.Count none = new Totals.Count(0, 0);
		Totals.Count missing = none;
		Totals.Count damaged = none;
		List<FileStatus> known = list(volume, "", Selection.KNOWN, 37);
		for (FileStatus file : known) {
			MediaStored stored = (MediaStored) file.entry().event();
			Totals.Count one = new Totals.Count(1, stored.size());
			counts.merge(file.state(), one, Totals.Count::plus);
			missing = (file.entry().missing() == null) ? missing : missing.plus(one);
			damaged = (file.entry().damaged() == null) ? damaged : damaged.plus(one);
			if (file.state() != ReplicaState.REPLICATED) {
				unreplicated.add(stored.version());
			}
		}
		List<OutboxEvent> outbox = this.catalog.outboxAfter(0, 100_000);
		Totals now = this.catalog.totals();
		return new Totals(counts.getOrDefault(ReplicaState.REPLICATED, none),
				counts.getOrDefault(ReplicaState.PENDING, none), counts.getOrDefault(ReplicaState.RETRYING, none),
				counts.getOrDefault(ReplicaState.DEAD_LETTERED, none), list(volume, "", Selection.DELETED, 41).size(),
				unreplicated.stream().min(Comparator.naturalOrder()).map(Version::moment).orElse(null), outbox.size(),
				now.outboxOldest(), 0, missing, damaged);
	}

	@Test
	void pagesTogetherHoldEveryFileThatWasAskedForOnceAndInOrder() {
		Random random = new Random(7);
		List<MediaEvent.OfFile> history = new ArrayList<>();
		for (int i = 0; i < 800; i++) {
			step(random, history, i);
		}
		List<FileStatus> all = list(null, "", Selection.KNOWN, ListFilter.MOST);
		assertThat(all).hasSizeGreaterThan(50);
		for (Selection selection : List.of(Selection.KNOWN, Selection.PENDING, Selection.RETRYING, Selection.REPLICATED,
				Selection.DEAD_LETTERED)) {
			for (String prefix : List.of("", "a/", "a/1", "zzz")) {
				List<MediaId> expected = all.stream()
					.filter((file) -> selection == Selection.KNOWN || file.state().name().equals(selection.name()))
					.map(CatalogTotalsTest::idOf)
					.filter((id) -> id.volume().value().equals("media") && id.path().startsWith(prefix))
					.toList();
				assertThat(list(new VolumeName("media"), prefix, selection, 3).stream().map(CatalogTotalsTest::idOf))
					.as("%s below '%s'", selection, prefix)
					.isEqualTo(expected);
			}
		}
	}

	@Test
	void pathsAreListedByTheirBytes() {
		List<String> paths = List.of("A", "a", "a b", "a/b", "a\uFFFD", "a\uD83D\uDE00", "é", "\uFF5E", "\uD83D\uDE00");
		paths.forEach((path) -> {
			MediaId id = Samples.id(path);
			this.catalog.recordStored(id, Samples.stamp("x"), Samples.stored(id, "x"));
		});
		assertThat(list(null, "", Selection.KNOWN, 2).stream().map((file) -> idOf(file).path()).toList())
			.containsExactlyElementsOf(paths);
		assertThat(list(new VolumeName("media"), "a", Selection.KNOWN, 1).stream()
			.map((file) -> idOf(file).path())
			.collect(Collectors.toList())).containsExactly("a", "a b", "a/b", "a\uFFFD", "a\uD83D\uDE00");
	}

	/**
	 * Prints how fast it is; a machine that is busy must not fail a test.
	 */
	@Test
	void aHundredThousandFilesCostNoMoreThanAFew() throws Exception {
		int files = 100_000;
		List<LogRecord> batch = new ArrayList<>();
		long begun = System.nanoTime();
		for (int i = 0; i < files; i++) {
			MediaId id = Samples.id("dir-" + (i % 100) + "/file-" + i);
			MediaStored stored = Samples.stored(id, "c").apply(Version.at(Samples.MODIFIED.plusMillis(i)));
			batch.add(new LogRecord(Topics.EVENTS, 0, i, new CloudEventCodec().encode(stored)));
			if (batch.size() == 500) {
				this.catalog.projector().project(batch, Map.of(new LogPartition(Topics.EVENTS, 0), (long) i));
				batch.clear();
			}
		}
		print("project " + files + " events", begun, files);
		begun = System.nanoTime();
		for (int i = 0; i < 1000; i++) {
			assertThat(this.catalog.totals().known().files()).isEqualTo(files);
		}
		print("totals", begun, 1000);
		begun = System.nanoTime();
		for (int i = 0; i < 100; i++) {
			assertThat(
					this.catalog.list(new ListFilter(null, "", Selection.PENDING, Samples.id("dir-98"), 100)).files())
				.hasSize(100);
		}
		print("page of 100 far back", begun, 100);
		begun = System.nanoTime();
		for (int i = 0; i < 200; i++) {
			MediaId id = Samples.id("new-" + i);
			this.catalog.recordStored(id, Samples.stamp("x"), Samples.stored(id, "x"));
		}
		print("uploads recorded one after the other", begun, 200);
		begun = System.nanoTime();
		AtomicInteger next = new AtomicInteger();
		List<Future<?>> writers = new ArrayList<>();
		try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
			Callable<@Nullable Void> writer = () -> {
				for (int i = next.getAndIncrement(); i < 4000; i = next.getAndIncrement()) {
					MediaId id = Samples.id("many-" + i);
					this.catalog.recordStored(id, Samples.stamp("x"), Samples.stored(id, "x"));
				}
				return null;
			};
			for (int i = 0; i < 64; i++) {
				writers.add(threads.submit(writer));
			}
		}
		for (Future<?> done : writers) {
			done.get();
		}
		print("uploads recorded by 64 at once", begun, 4000);
	}

	private static void print(String what, long begun, int times) {
		double micros = TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - begun);
		System.out.printf("%s: %.1f µs each%n", what, micros / times);
	}

	private List<FileStatus> list(@Nullable VolumeName volume, String prefix, Selection selection, int limit) {
		List<FileStatus> files = new ArrayList<>();
		MediaId after = null;
		do {
			Page page = this.catalog.list(new ListFilter(volume, prefix, selection, after, limit));
			files.addAll(page.files());
			after = page.next();
		}
		while (after != null);
		return files;
	}

	private static MediaId idOf(FileStatus file) {
		return file.entry().event().id();
	}

}
