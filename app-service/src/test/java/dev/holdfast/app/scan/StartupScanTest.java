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
import java.util.concurrent.atomic.AtomicBoolean;

import dev.holdfast.app.catalog.Catalog;
import dev.holdfast.app.catalog.CatalogEntry;
import dev.holdfast.app.catalog.LogRecord;
import dev.holdfast.app.volume.FileStat;
import dev.holdfast.app.volume.VolumeFixture;
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

import static org.assertj.core.api.Assertions.assertThat;

class StartupScanTest {

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

		StartupScan scan = scan();
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

		StartupScan scan = scan();
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

		StartupScan scan = scan();
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

		StartupScan scan = scan(Duration.ofMillis(700));
		assertThat(count(scan, Scanned.PUBLISHED)).isOne();
		FileStat stat = FileStat.of(this.root.resolve("a"));
		assertThat(Duration.between(stat.modified(), Instant.now())).isGreaterThanOrEqualTo(Duration.ofMillis(700));
		assertThat(begun).isAfterOrEqualTo(stat.modified().minusSeconds(1));
	}

	@Test
	void nothingIsScannedBeforeTheTopicsAreRead() throws IOException {
		write("a", "one");
		AtomicBoolean ready = new AtomicBoolean();
		try (StartupScan scan = new StartupScan(this.catalog, List.copyOf(this.volumes.all()), check(Duration.ZERO),
				settings(Duration.ZERO), ready::get)) {
			scan.start();
			assertThat(scan.state(MEDIA)).isEqualTo(StartupScan.State.WAITING);
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
		try (StartupScan scan = start(Duration.ZERO)) {
			Awaitility.await().during(Duration.ofMillis(300)).until(() -> scan.seen(MEDIA) == 0);
			assertThat(scan.state(MEDIA)).isEqualTo(StartupScan.State.WAITING);
			assertThat(count(scan, Scanned.MISSING)).isZero();
		}
	}

	private StartupScan scan() {
		return scan(Duration.ZERO);
	}

	private StartupScan scan(Duration settle) {
		StartupScan scan = start(settle);
		awaitDone(scan);
		scan.close();
		return scan;
	}

	private StartupScan start(Duration settle) {
		StartupScan scan = new StartupScan(this.catalog, List.copyOf(this.volumes.all()), check(settle),
				settings(settle), () -> true);
		scan.start();
		return scan;
	}

	private FileCheck check(Duration settle) {
		return new FileCheck(this.catalog, VolumeFixture.locks(), Clock.systemUTC(), settings(settle), WriterProbe.NONE,
				OverwriteGuard.NONE);
	}

	private static ScanSettings settings(Duration settle) {
		return new ScanSettings(true, settle, Duration.ZERO);
	}

	private static void awaitDone(StartupScan scan) {
		Awaitility.await()
			.atMost(Duration.ofMinutes(1))
			.pollInterval(Duration.ofMillis(5))
			.until(() -> scan.state(MEDIA) == StartupScan.State.DONE);
	}

	private static long count(StartupScan scan, Scanned kind) {
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
