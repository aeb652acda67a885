package dev.holdfast.app.scan;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

import dev.holdfast.app.catalog.Catalog;
import dev.holdfast.app.catalog.CatalogEntry;
import dev.holdfast.app.catalog.LogRecord;
import dev.holdfast.app.volume.FileStat;
import dev.holdfast.app.volume.Volume;
import dev.holdfast.app.volume.VolumeFixture;
import dev.holdfast.app.volume.VolumeNotAvailableException;
import dev.holdfast.app.volume.Volumes;
import dev.holdfast.model.CloudEventCodec;
import dev.holdfast.model.Digest;
import dev.holdfast.model.MediaId;
import dev.holdfast.model.MediaStored;
import dev.holdfast.model.Origin;
import dev.holdfast.model.Topics;
import dev.holdfast.model.Version;
import dev.holdfast.model.VolumeName;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class ScanRunnerTest {

	private static final VolumeName MEDIA = new VolumeName("media");

	private static final FileTime LONG_AGO = FileTime.from(Instant.parse("2026-01-01T00:00:00.123Z"));

	@TempDir
	Path directory;

	private Path root;

	private Volumes volumes;

	private Catalog catalog;

	@BeforeEach
	void open() throws IOException {
		this.root = Files.createDirectories(this.directory.resolve("media"));
		this.volumes = VolumeFixture.open(this.directory.resolve("data"), Map.of("media", this.root.toString()));
		this.catalog = Catalog.open(this.directory.resolve("data"), Clock.systemUTC());
	}

	@AfterEach
	void close() {
		this.catalog.close();
		this.volumes.close();
	}

	@Test
	void aFileThatWasRenamedAndNotRecordedIsPublishedAndTheNextScanReadsNothing() throws IOException {
		write("base/logo.png", "left by a crash");

		ScanRunner scan = scan();
		assertThat(count(scan, Scanned.PUBLISHED)).isOne();
		assertThat(entry("base/logo.png").event()).isInstanceOfSatisfying(MediaStored.class, (stored) -> {
			assertThat(stored.digest()).isEqualTo(Digest.of(bytes("left by a crash")));
			assertThat(stored.origin()).isEqualTo(Origin.SCAN);
			assertThat(stored.contentType()).isEqualTo("image/png");
		});
		assertThat(this.catalog.outboxAfter(0, 10)).hasSize(1);
		assertThat(count(scan(), Scanned.UNCHANGED)).isOne();
		assertThat(this.catalog.outboxAfter(0, 10)).hasSize(1);
	}

	@Test
	void otherBytesOfTheSameSizeAndTimeArePublished() throws IOException {
		write("a", "one");
		scan();
		Path other = Files.writeString(this.directory.resolve("other"), "two");
		Files.setLastModifiedTime(other, LONG_AGO);
		Files.setLastModifiedTime(this.root.resolve("a"), LONG_AGO);
		scan();
		Files.copy(other, this.root.resolve("a"), StandardCopyOption.COPY_ATTRIBUTES,
				StandardCopyOption.REPLACE_EXISTING);

		assertThat(count(scan(), Scanned.PUBLISHED)).isOne();
		assertThat(((MediaStored) entry("a").event()).digest()).isEqualTo(Digest.of(bytes("two")));
	}

	@Test
	void aTouchedFileWithTheSameBytesIsNotPublishedAgain() throws IOException {
		write("a", "one");
		scan();
		Files.setLastModifiedTime(this.root.resolve("a"), LONG_AGO);

		assertThat(count(scan(), Scanned.SAME_BYTES)).isOne();
		assertThat(this.catalog.outboxAfter(0, 10)).hasSize(1);
		assertThat(count(scan(), Scanned.UNCHANGED)).isOne();
	}

	@Test
	void afterARebuildAFileOfTheSizeAndTimeInTheLogIsTakenForThat() throws IOException {
		Path file = write("a", "one");
		Files.setLastModifiedTime(file, LONG_AGO);
		project("a", "one", LONG_AGO.toInstant());
		Path changed = write("b", "two");
		project("b", "one", Files.getLastModifiedTime(changed).toInstant().minusSeconds(5));

		ScanRunner scan = scan();
		assertThat(count(scan, Scanned.SAME_BYTES)).isOne();
		assertThat(count(scan, Scanned.PUBLISHED)).isOne();
		assertThat(entry("a").stamp()).isEqualTo(FileStat.of(file).stamp());
		assertThat(((MediaStored) entry("b").event()).digest()).isEqualTo(Digest.of(bytes("two")));
		assertThat(count(scan(), Scanned.UNCHANGED)).isEqualTo(2);
	}

	@Test
	void whatIsAbsentIsMissingAndNeverDeleted() throws IOException {
		Path file = write("a", "one");
		scan();
		Files.delete(file);

		assertThat(count(scan(), Scanned.MISSING)).isOne();
		assertThat(entry("a").event()).isInstanceOf(MediaStored.class);
		assertThat(this.catalog.totals().known().files()).isOne();
		assertThat(this.catalog.outboxAfter(0, 10)).hasSize(1);
	}

	@Test
	void everyNameIsCountedOnceAndOnlyFilesArePublished() throws IOException, InterruptedException {
		write("fine", "1");
		write(".holdfast-not", "2");
		write("deep/er/fine", "3");
		Files.writeString(this.directory.resolve("outside"), "secret");
		Files.createDirectories(this.directory.resolve("outside-dir"));
		Files.writeString(this.directory.resolve("outside-dir/secret"), "secret");
		Files.createSymbolicLink(this.root.resolve("link"), this.directory.resolve("outside"));
		Files.createSymbolicLink(this.root.resolve("link-dir"), this.directory.resolve("outside-dir"));
		run("mkfifo", this.root.resolve("fifo").toString());
		run("sh", "-c", "cd '" + this.root + "' && touch \"$(printf 'latin-\\344')\" \"$(printf 'tab\\there')\"");

		ScanRunner scan = scan();
		assertThat(count(scan, Scanned.PUBLISHED)).isEqualTo(3);
		assertThat(count(scan, Scanned.NO_FILE)).isEqualTo(3);
		assertThat(count(scan, Scanned.REFUSED_NAME)).isEqualTo(2);
		assertThat(scan.seen(MEDIA)).isEqualTo(8)
			.isEqualTo(Arrays.stream(Scanned.values())
				.filter((kind) -> kind != Scanned.MISSING)
				.mapToLong((kind) -> count(scan, kind))
				.sum());
		assertThat(this.catalog.find(MediaId.of("media", ".holdfast/volume.json".replace(".holdfast", "x")))).isEmpty();
	}

	@Test
	void aFileIsReadOnlyAfterItHasSettled() throws IOException {
		write("a", "one");
		Instant begun = Instant.now();

		ScanRunner scan = scan(Duration.ofMillis(700));
		assertThat(count(scan, Scanned.PUBLISHED)).isOne();
		FileStat stat = FileStat.of(this.root.resolve("a"));
		assertThat(Duration.between(stat.modified(), Instant.now())).isGreaterThanOrEqualTo(Duration.ofMillis(700));
		assertThat(begun).isAfterOrEqualTo(stat.modified().minusSeconds(1));
	}

	@Test
	void nothingIsScannedBeforeTheTopicsAreRead() throws IOException {
		write("a", "one");
		AtomicBoolean ready = new AtomicBoolean();
		try (ScanRunner scan = new ScanRunner(this.catalog, List.copyOf(this.volumes.all()), check(Duration.ZERO),
				settings(Duration.ZERO), ready::get)) {
			scan.start();
			assertThat(scan.state(MEDIA)).isEqualTo(ScanRunner.State.WAITING);
			project("a", "one", Files.getLastModifiedTime(this.root.resolve("a")).toInstant());
			ready.set(true);
			scan.wake();
			awaitDone(scan);
			assertThat(count(scan, Scanned.PUBLISHED)).isZero();
		}
	}

	@Test
	void aVolumeThatIsNotTheOneItWasIsNotScanned() throws IOException {
		write("a", "one");
		scan();
		Files.delete(this.root.resolve(".holdfast/volume.json"));
		Files.delete(this.root.resolve("a"));
		try (ScanRunner scan = start(Duration.ZERO)) {
			Awaitility.await()
				.atMost(Duration.ofMinutes(1))
				.during(Duration.ofMillis(300))
				.until(() -> scan.seen(MEDIA) == 0);
			assertThat(scan.state(MEDIA)).isEqualTo(ScanRunner.State.WAITING);
			assertThat(count(scan, Scanned.MISSING)).isZero();
		}
	}

	@Test
	void aDirectoryNeedNotWaitForTheFilesOfTheWholeVolume() throws Exception {
		write("slow", "read for hours");
		CountDownLatch begun = new CountDownLatch(1);
		CountDownLatch end = new CountDownLatch(1);
		WriterProbe probe = (place, _) -> {
			if (place.path().endsWith("slow")) {
				begun.countDown();
				await(end);
			}
			return WriterProbe.Answer.NOT_WRITTEN;
		};
		try (ScanRunner scan = start(probe)) {
			await(begun);
			write("dir/quick", "new");
			ScanReport report = scan.request(MEDIA, "dir", ScanCause.GAP).get(1, TimeUnit.MINUTES);
			assertThat(report.published()).isOne();
			assertThat(report.seen()).isOne();
			assertThat(scan.state(MEDIA)).isEqualTo(ScanRunner.State.RUNNING);
			end.countDown();
			awaitDone(scan);
			assertThat(count(scan, Scanned.PUBLISHED)).isOne();
		}
	}

	@Test
	void requestsThatWaitAreMerged() throws Exception {
		write("slow", "read for hours");
		write("a/b/c", "1");
		CountDownLatch begun = new CountDownLatch(1);
		CountDownLatch end = new CountDownLatch(1);
		WriterProbe probe = (place, _) -> {
			if (place.path().endsWith("slow")) {
				begun.countDown();
				await(end);
			}
			return WriterProbe.Answer.NOT_WRITTEN;
		};
		AtomicBoolean ready = new AtomicBoolean();
		try (ScanRunner scan = new ScanRunner(this.catalog, this.volumes.all(), check(Duration.ZERO, probe),
				new ScanSettings(false, Duration.ZERO, Duration.ZERO, Duration.ZERO, 100, 0, 0, DataSize.ofBytes(0)),
				ready::get)) {
			scan.start();
			CompletableFuture<ScanReport> deep = scan.request(MEDIA, "a/b", ScanCause.GAP);
			CompletableFuture<ScanReport> twice = scan.request(MEDIA, "a/b", ScanCause.GAP);
			CompletableFuture<ScanReport> beside = scan.request(MEDIA, "a/bb", ScanCause.GAP);
			CompletableFuture<ScanReport> above = scan.request(MEDIA, "a", ScanCause.GAP);
			CompletableFuture<ScanReport> later = scan.request(MEDIA, "a/b", ScanCause.GAP);
			assertThat(scan.views()).hasSize(1);
			end.countDown();
			ready.set(true);
			scan.wake();
			ScanReport report = above.get(1, TimeUnit.MINUTES);
			assertThat(report.subtree()).isEqualTo("a");
			assertThat(List.of(deep.get(), twice.get(), beside.get(), later.get())).allMatch(report::equals);
			assertThat(scan.view(1)).hasValueSatisfying((view) -> assertThat(view.subtree()).isEqualTo("a"));
			assertThat(scan.request(MEDIA, "", ScanCause.GAP).get(1, TimeUnit.MINUTES).published()).isOne();
		}
	}

	@Test
	void requestsThatCannotBeServedSayWhy() throws Exception {
		try (ScanRunner scan = start(Duration.ZERO)) {
			awaitDone(scan);
			assertThatThrownBy(() -> scan.request(new VolumeName("other"), "", ScanCause.REQUEST))
				.isInstanceOf(IllegalArgumentException.class);
			assertThatThrownBy(() -> scan.request(MEDIA, "../out", ScanCause.REQUEST))
				.isInstanceOf(IllegalArgumentException.class);
			Files.delete(this.root.resolve(".holdfast/volume.json"));
			assertThatThrownBy(() -> scan.request(MEDIA, "", ScanCause.REQUEST).get(1, TimeUnit.MINUTES))
				.hasCauseInstanceOf(VolumeNotAvailableException.class);
			assertThat(scan.views().getFirst().report()).isNotNull()
				.satisfies((report) -> assertThat(report.trouble()).contains("no marker file"));
		}
	}

	@Test
	void aLookThatFailsDoesNotEndTheScans() throws Exception {
		write("a", "1");
		AtomicInteger looks = new AtomicInteger();
		CountDownLatch failed = new CountDownLatch(1);
		BooleanSupplier ready = () -> {
			if (looks.getAndIncrement() == 0) {
				failed.countDown();
				throw new IllegalStateException("a fault");
			}
			return true;
		};
		try (ScanRunner scan = new ScanRunner(this.catalog, this.volumes.all(), check(Duration.ZERO),
				settings(Duration.ZERO), ready)) {
			scan.start();
			await(failed);
			assertThat(scan.request(MEDIA, "", ScanCause.REQUEST).get(1, TimeUnit.MINUTES).published()).isOne();
			assertThat(looks).as("it does not look without end").hasValueLessThan(10);
		}
	}

	@Test
	void aScanThatCannotEvenBeginSaysSoAndTheNextOneDoes() throws Exception {
		write("a", "1");
		Volume volume = this.volumes.find(MEDIA).orElseThrow();
		AtomicLong ids = new AtomicLong();
		CountDownLatch stop = new CountDownLatch(1);
		ScanSettings settings = new ScanSettings(false, Duration.ZERO, Duration.ZERO, Duration.ZERO, 100, 0, 0,
				DataSize.ofBytes(0));
		AtomicInteger made = new AtomicInteger();
		VolumeScans scans = new VolumeScans(volume, settings, () -> true, ids::incrementAndGet, (job, of) -> {
			if (made.getAndIncrement() == 0) {
				throw new IllegalStateException("a fault");
			}
			return new VolumeScan(new VolumeScan.Plan(job.id(), of, of.rules(), job.subtree(), job.checksum()),
					this.catalog, check(Duration.ZERO), UnclosedFiles.NONE, Pace.NONE, 1, stop);
		}, stop);
		scans.start();
		try {
			assertThatThrownBy(() -> scans.request("dir", ScanCause.REQUEST, false).future().get(1, TimeUnit.MINUTES))
				.hasCauseInstanceOf(IllegalStateException.class);
			assertThat(scans.request("", ScanCause.REQUEST, false).future().get(1, TimeUnit.MINUTES).published())
				.isOne();
			assertThat(made).hasValue(2);
		}
		finally {
			stop.countDown();
			scans.close();
		}
	}

	@Test
	void aFileThatIsLeftToItsWriterIsNotReadHoweverStillItIs() throws Exception {
		write("finished", "whole");
		write("begun", "half");
		try (ScanRunner scan = new ScanRunner(this.catalog, this.volumes.all(), check(Duration.ZERO),
				settings(Duration.ZERO), () -> true, StartGate.OPEN, (id) -> id.path().equals("begun"))) {
			scan.start();
			awaitDone(scan);
			assertThat(count(scan, Scanned.BEING_WRITTEN)).isOne();
			assertThat(count(scan, Scanned.PUBLISHED)).isOne();
		}
		assertThat(this.catalog.find(MediaId.of("media", "begun"))).isEmpty();
		assertThat(this.catalog.find(MediaId.of("media", "finished"))).isPresent();
	}

	@Test
	void scansComeByThemselves() throws Exception {
		write("a", "1");
		try (ScanRunner scan = new ScanRunner(
				this.catalog, this.volumes.all(), check(Duration.ZERO, WriterProbe.NONE), new ScanSettings(true,
						Duration.ZERO, Duration.ZERO, Duration.ofMillis(50), 100, 0, 0, DataSize.ofBytes(0)),
				() -> true)) {
			scan.start();
			awaitDone(scan);
			write("b", "2");
			Awaitility.await()
				.atMost(Duration.ofMinutes(1))
				.until(() -> this.catalog.find(MediaId.of("media", "b")).isPresent());
			assertThat(scan.views()).anyMatch((view) -> view.cause() == ScanCause.PERIODIC)
				.anyMatch((view) -> view.cause() == ScanCause.START);
		}
	}

	@Test
	void whatIsRecordedIsNotReadAgainByTheNextProcess() throws Exception {
		for (int i = 0; i < 200; i++) {
			write("d" + i % 5 + "/f" + i, "content " + i);
		}
		CountDownLatch some = new CountDownLatch(60);
		CountDownLatch closing = new CountDownLatch(1);
		Set<String> first = ConcurrentHashMap.newKeySet();
		WriterProbe probe = (place, _) -> {
			first.add(place.path().toString());
			some.countDown();
			if (some.getCount() == 0) {
				// The rest of this scan never happens, as after a kill.
				await(closing);
				return WriterProbe.Answer.WRITTEN;
			}
			return WriterProbe.Answer.NOT_WRITTEN;
		};
		ScanRunner killed = start(probe);
		await(some);
		Thread closer = Thread.ofPlatform().start(killed::close);
		closing.countDown();
		closer.join();
		long recorded = this.catalog.totals().known().files();
		assertThat(recorded).isBetween(20L, 60L);

		Set<String> second = ConcurrentHashMap.newKeySet();
		try (ScanRunner scan = start((place, _) -> {
			second.add(place.path().toString());
			return WriterProbe.Answer.NOT_WRITTEN;
		})) {
			awaitDone(scan);
			assertThat(count(scan, Scanned.UNCHANGED)).isEqualTo(recorded);
			assertThat(count(scan, Scanned.PUBLISHED)).isEqualTo(200 - recorded);
			assertThat(second).hasSize((int) (200 - recorded));
		}
		assertThat(this.catalog.outboxAfter(0, 1000)).hasSize(200);
	}

	private static void await(CountDownLatch latch) {
		try {
			assertThat(latch.await(1, TimeUnit.MINUTES)).isTrue();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private ScanRunner scan() {
		return scan(Duration.ZERO);
	}

	private ScanRunner scan(Duration settle) {
		ScanRunner scan = start(settle);
		awaitDone(scan);
		scan.close();
		return scan;
	}

	private ScanRunner start(WriterProbe probe) {
		ScanRunner scan = new ScanRunner(this.catalog, this.volumes.all(), check(Duration.ZERO, probe),
				settings(Duration.ZERO), () -> true);
		scan.start();
		return scan;
	}

	private ScanRunner start(Duration settle) {
		ScanRunner scan = new ScanRunner(this.catalog, List.copyOf(this.volumes.all()), check(settle), settings(settle),
				() -> true);
		scan.start();
		return scan;
	}

	private FileCheck check(Duration settle) {
		return check(settle, WriterProbe.NONE);
	}

	private FileCheck check(Duration settle, WriterProbe probe) {
		return new FileCheck(this.catalog, VolumeFixture.locks(), Clock.systemUTC(), settings(settle), probe,
				OverwriteGuard.NONE);
	}

	private static ScanSettings settings(Duration settle) {
		return ScanSettings.settling(settle);
	}

	private static void awaitDone(ScanRunner scan) {
		Awaitility.await()
			.atMost(Duration.ofMinutes(1))
			.pollInterval(Duration.ofMillis(5))
			.until(() -> scan.state(MEDIA) == ScanRunner.State.DONE);
	}

	private static long count(ScanRunner scan, Scanned kind) {
		return scan.count(MEDIA, kind);
	}

	private Path write(String path, String content) throws IOException {
		Path file = this.root.resolve(path);
		Path parent = file.getParent();
		if (parent != null) {
			Files.createDirectories(parent);
		}
		return Files.writeString(file, content);
	}

	private CatalogEntry entry(String path) {
		return this.catalog.find(MediaId.of("media", path)).orElseThrow();
	}

	private void project(String path, String content, Instant modified) {
		MediaId id = MediaId.of("media", path);
		MediaStored stored = new MediaStored(id, Version.at(Instant.parse("2026-01-02T00:00:00Z")),
				bytes(content).length, Digest.of(bytes(content)), "text/plain", modified, null, null, Origin.UPLOAD);
		this.catalog.projector()
			.project(List.of(new LogRecord(Topics.EVENTS, 0, 0, new CloudEventCodec().encode(stored))), Map.of());
	}

	private static byte[] bytes(String content) {
		return content.getBytes(StandardCharsets.UTF_8);
	}

	private static void run(String... command) throws IOException, InterruptedException {
		assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
	}

}
