package dev.holdfast.app.watch;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

import dev.holdfast.app.catalog.Catalog;
import dev.holdfast.app.guard.Admission;
import dev.holdfast.app.guard.ChangeGuard;
import dev.holdfast.app.guard.GuardSettings;
import dev.holdfast.app.scan.FileCheck;
import dev.holdfast.app.scan.ScanSettings;
import dev.holdfast.app.scan.Scanned;
import dev.holdfast.app.scan.WriterProbe;
import dev.holdfast.app.volume.FileLocks;
import dev.holdfast.app.volume.FileStat;
import dev.holdfast.app.volume.Volume;
import dev.holdfast.app.volume.VolumeFixture;
import dev.holdfast.app.volume.Volumes;
import dev.holdfast.model.MediaDeleted;
import dev.holdfast.model.MediaId;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The work on files that are due, by clocks that are set on.
 */
@Timeout(60)
class FileWorkTest {

	private static final Duration SETTLE = Duration.ofMillis(200);

	private static final Duration STUCK_AFTER = Duration.ofMinutes(15);

	private static final int MOST = 100;

	@TempDir
	Path directory;

	private final AtomicLong nanos = new AtomicLong();

	private final AtomicReference<Duration> later = new AtomicReference<>(Duration.ZERO);

	private final WatchCounts counts = new WatchCounts();

	private final Settling settling = new Settling(SETTLE, MOST, Clock.systemUTC(), this.nanos::get);

	private final AtomicReference<WriterProbe> probe = new AtomicReference<>(WriterProbe.NONE);

	private Path root;

	private Volumes volumes;

	private Volume volume;

	private Catalog catalog;

	private FileWork work;

	private Thread worker;

	@BeforeEach
	void begin() throws IOException {
		this.root = Files.createDirectories(this.directory.resolve("media"));
		this.volumes = VolumeFixture.open(this.directory.resolve("data"), Map.of("media", this.root.toString()));
		this.catalog = Catalog.open(this.directory.resolve("data"), Clock.systemUTC());
		Clock clock = new LaterClock();
		FileLocks locks = VolumeFixture.locks();
		this.volume = this.volumes.find(Watched.MEDIA).orElseThrow();
		this.volume.state();
		FileCheck check = new FileCheck(this.catalog, locks, clock, ScanSettings.settling(Duration.ofSeconds(2)),
				(place, seen) -> this.probe.get().openForWriting(place, seen), (_, _, _, _) -> Admission.ADMITTED);
		ChangeGuard guard = new ChangeGuard(this.catalog, locks,
				new GuardSettings(Duration.ofMinutes(10), Duration.ZERO, 1000, 0, 1000, 0, Map.of()), clock);
		this.work = new FileWork(this.volume, new NewNames(this.catalog, this.volume), check, guard, this.settling,
				this.counts, STUCK_AFTER);
		this.worker = Thread.ofPlatform().daemon().start(this.work::run);
	}

	@AfterEach
	void end() throws InterruptedException {
		this.settling.close();
		this.worker.join();
		this.catalog.close();
		this.volumes.close();
	}

	@Test
	void whereNobodyTellsACreatedFileIsLeftToItsWriterUntilItIsClosedOrStuck() throws IOException {
		Files.writeString(this.root.resolve("closed"), "half");
		Files.writeString(this.root.resolve("stuck"), "half");
		this.settling.touched("closed", false);
		this.settling.touched("stuck", false);
		pass(Duration.ofMinutes(10));
		awaitReason("closed", "its writer has not closed it");
		awaitReason("stuck", "its writer has not closed it");
		assertThat(Stream.of("closed", "stuck", "unheard-of").filter(this::isLeftToItsWriter)).containsExactly("closed",
				"stuck");

		this.settling.touched("closed", true);
		assertThat(Stream.of("closed", "stuck").filter(this::isLeftToItsWriter)).containsExactly("stuck");
		pass(SETTLE);
		awaitPublished(1);
		assertThat(this.settling.longest(10)).extracting(PendingFile::path).containsExactly("stuck");
		assertThat(this.work.byTimeAlone()).isOne();
		pass(STUCK_AFTER);
		assertThat(isLeftToItsWriter("stuck")).as("its scan may read it, too").isFalse();
		awaitPublished(2);
		assertThat(this.work.byTimeAlone()).isEqualTo(2);
	}

	@Test
	void whereTheClockIsSetBackNoFileIsLeftToItsWriterForLonger() throws IOException {
		Files.writeString(this.root.resolve("a"), "half");
		this.later.set(Duration.ofDays(1));
		this.settling.touched("a", false);
		this.later.set(Duration.ZERO);
		pass(Duration.ofMinutes(10));
		awaitReason("a", "its writer has not closed it");
		pass(STUCK_AFTER);
		awaitPublished(1);
	}

	@Test
	void whereTheSystemTellsThatNobodyWritesItNothingIsLeftToAWriter() throws IOException {
		Files.writeString(this.root.resolve("a"), "whole");
		this.settling.touched("a", false);
		assertThat(isLeftToItsWriter("a")).isTrue();
		this.probe.set((_, _) -> WriterProbe.Answer.NOT_WRITTEN);
		assertThat(isLeftToItsWriter("a")).isFalse();
		pass(Duration.ofMinutes(1));
		awaitPublished(1);
		assertThat(this.work.byTimeAlone()).isZero();
	}

	private boolean isLeftToItsWriter(String path) {
		return this.work.writers().areWaitedFor(MediaId.of("media", path));
	}

	@Test
	void whereNobodyTellsAHardLinkIsTakenAfterHalfAMinute() throws IOException {
		Path file = Files.writeString(this.directory.resolve("finished"), "whole");
		Files.createLink(this.root.resolve("linked"), file);
		this.settling.touched("linked", false);
		pass(Duration.ofSeconds(20));
		awaitReason("linked", "its writer has not closed it");
		pass(Duration.ofSeconds(20));
		awaitPublished(1);
	}

	@Test
	void whereNobodyTellsOneThatLostItsOtherNameIsTakenAfterHalfAMinute() throws IOException {
		writeBeforeLastChange("linked");
		this.settling.touched("linked", false);
		pass(Duration.ofSeconds(20));
		awaitReason("linked", "its writer has not closed it");
		pass(Duration.ofSeconds(20));
		awaitPublished(1);
	}

	@Test
	void whereNobodyTellsOneThatWasRenamedBeforeItWasClosedIsLeftToItsWriter() throws IOException {
		writeBeforeLastChange("renamed");
		this.settling.touched("part", false);
		this.settling.renamed("part", "renamed", 1);
		pass(Duration.ofMinutes(10));
		awaitReason("renamed", "its writer has not closed it");
		assertThat(isLeftToItsWriter("renamed")).isTrue();
		this.settling.touched("renamed", true);
		pass(SETTLE);
		awaitPublished(1);
	}

	/**
	 * As where the last that happened to the file was a link, or a rename.
	 */
	private void writeBeforeLastChange(String path) throws IOException {
		Path file = Files.writeString(this.root.resolve(path), "whole");
		Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(5)));
	}

	@Test
	void aFaultThatAFileMeetsIsShownAndItIsTriedAgain() throws IOException {
		this.probe.set((_, _) -> {
			throw new IllegalStateException("a fault");
		});
		Files.writeString(this.root.resolve("a"), "whole");
		this.settling.touched("a", true);
		pass(Duration.ofMinutes(1));
		awaitReason("a", "looking at it failed: java.lang.IllegalStateException: a fault");

		this.probe.set(WriterProbe.NONE);
		pass(Duration.ofMinutes(1));
		awaitPublished(1);
		Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> this.settling.longest(10).isEmpty());
	}

	@Test
	void aFileThatCannotBeReadIsTriedSeveralTimesHoweverOftenItWasWrittenBefore() throws IOException {
		Files.writeString(this.root.resolve("a"), "whole");
		AtomicInteger failures = new AtomicInteger();
		this.probe.set((_, _) -> WriterProbe.Answer.WRITTEN);
		this.settling.touched("a", true);
		for (int i = 0; i < 6; i++) {
			pass(Duration.ofMinutes(1));
			awaitReason("a", "a program has it open for writing");
		}
		this.probe.set((_, _) -> {
			failures.incrementAndGet();
			throw FileWorkTest.<RuntimeException>asUnchecked(new IOException("a fault"));
		});
		for (int i = 1; i < 5; i++) {
			int times = i;
			pass(Duration.ofMinutes(1));
			Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> failures.get() == times);
			awaitReason("a", "it cannot be read: a fault");
		}
		this.probe.set(WriterProbe.NONE);
		pass(Duration.ofMinutes(1));
		awaitPublished(1);
	}

	@Test
	void aFileThatIsRenamedAgainBeforeThatIsToldKeepsItsFirstNameUntilItsLastIsRecorded() throws IOException {
		record("big");
		Files.move(this.root.resolve("big"), this.root.resolve("z"));
		this.settling.renamed("big", "y", this.volume.generation());
		pass(SETTLE);
		awaitReason("y", "it is not there, and no event has told yet where it is");
		assertThat(isDeleted("big")).isFalse();

		this.settling.renamed("y", "z", this.volume.generation());
		pass(Duration.ofMinutes(1));
		awaitPublished(2);
		Awaitility.await().until(() -> isDeleted("big"));
	}

	@Test
	void whereNothingTellsWhatBecameOfARenamedFileItsFirstNameIsNotDeleted() throws IOException {
		record("big");
		Files.move(this.root.resolve("big"), this.root.resolve("z"));
		this.settling.renamed("big", "y", this.volume.generation());
		pass(SETTLE);
		awaitReason("y", "it is not there, and no event has told yet where it is");
		pass(Duration.ofMinutes(1));
		awaitNothingWaits();
		assertThat(isDeleted("big")).isFalse();
	}

	@Test
	void aRenamedFileThatIsSeenToGoTakesItsFirstNameAlong() throws IOException {
		record("big");
		Files.delete(this.root.resolve("big"));
		this.settling.renamed("big", "y", this.volume.generation());
		this.settling.gone("y", false, this.volume.generation());
		pass(SETTLE);
		Awaitility.await().until(() -> isDeleted("big"));
	}

	@Test
	void aRenamedFileThatWasMovedToANewDirectoryKeepsItsFirstNameUntilItIsRecordedThere() throws IOException {
		record("big");
		this.probe.set((_, _) -> WriterProbe.Answer.WRITTEN);
		moveToNewDirectory("big");
		this.settling.renamed("big", "y", this.volume.generation());
		this.settling.gone("y", false, this.volume.generation());
		Awaitility.await().until(() -> {
			pass(SETTLE);
			return this.settling.longest(10).stream().anyMatch((file) -> file.path().equals("new/big"));
		});
		awaitReason("new/big", "a program has it open for writing");
		assertThat(isDeleted("big")).isFalse();

		this.probe.set(WriterProbe.NONE);
		pass(Duration.ofMinutes(1));
		awaitPublished(2);
		Awaitility.await().until(() -> isDeleted("big"));
	}

	@Test
	void aFileThatWasMovedToANewDirectoryIsNotDeletedWhereNoMoreCanWait() throws IOException {
		record("a");
		moveToNewDirectory("a");
		long before = this.nanos.getAndAdd(SETTLE.toNanos());
		for (int i = 1; i < MOST; i++) {
			this.settling.touched("later" + i, true);
		}
		this.nanos.set(before);
		this.settling.gone("a", false, this.volume.generation());
		assertThat(this.settling.size()).isEqualTo(MOST);
		this.nanos.addAndGet(SETTLE.toNanos());

		Awaitility.await().until(() -> this.settling.size() == MOST - 1);
		assertThat(isDeleted("a")).isFalse();
	}

	/**
	 * Writes a file and waits until it is recorded.
	 */
	private void record(String path) throws IOException {
		Files.writeString(this.root.resolve(path), path);
		this.settling.touched(path, true);
		pass(Duration.ofMinutes(1));
		awaitPublished(1);
		awaitNothingWaits();
	}

	private void awaitNothingWaits() {
		Awaitility.await().until(() -> {
			this.nanos.addAndGet(SETTLE.toNanos());
			return this.settling.size() == 0;
		});
	}

	private void moveToNewDirectory(String path) throws IOException {
		Files.createDirectory(this.root.resolve("new"));
		Path moved = Files.move(this.root.resolve(path), this.root.resolve("new").resolve(path));
		this.work.newNames().found(FileStat.of(moved).stamp().inode(), "new/" + path);
	}

	private boolean isDeleted(String path) {
		return this.catalog.find(MediaId.of("media", path)).orElseThrow().event() instanceof MediaDeleted;
	}

	/**
	 * The probe is the only part of a look at a file that is the test's, and declares no
	 * exception.
	 */
	@SuppressWarnings("unchecked")
	private static <E extends Exception> RuntimeException asUnchecked(Exception thrown) throws E {
		throw (E) thrown;
	}

	@Test
	void smallFilesDoNotWaitForLargeOnes() throws Exception {
		Set<String> begun = ConcurrentHashMap.newKeySet();
		CountDownLatch end = new CountDownLatch(1);
		this.probe.set((place, _) -> {
			if (!place.path().toString().contains("large")) {
				return WriterProbe.Answer.NOT_WRITTEN;
			}
			begun.add(place.path().toString());
			awaitUninterrupted(end);
			return WriterProbe.Answer.WRITTEN;
		});
		try {
			for (int i = 0; i < 20; i++) {
				// Holes: such a file has its size and takes no room.
				try (RandomAccessFile file = new RandomAccessFile(this.root.resolve("large" + i).toFile(), "rw")) {
					file.setLength(DataSize.ofMegabytes(64).toBytes());
				}
				this.settling.touched("large" + i, true);
			}
			pass(Duration.ofMinutes(1));
			Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> !begun.isEmpty());

			for (int i = 0; i < 40; i++) {
				Files.writeString(this.root.resolve("small" + i), "whole");
				this.settling.touched("small" + i, true);
			}
			pass(Duration.ofMinutes(1));
			awaitPublished(40);
			assertThat(begun).as("the others wait").hasSizeLessThan(20);
		}
		finally {
			end.countDown();
		}
		Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> begun.size() == 20);
	}

	private static void awaitUninterrupted(CountDownLatch latch) {
		try {
			assertThat(latch.await(1, TimeUnit.MINUTES)).isTrue();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/**
	 * Sets the clocks on, and wakes the work by a file that is not there.
	 */
	private void pass(Duration time) {
		this.later.updateAndGet((before) -> before.plus(time));
		this.nanos.addAndGet(time.toNanos());
		this.settling.touched("missing", true);
		this.nanos.addAndGet(SETTLE.toNanos());
		this.settling.touched("missing", true);
	}

	private void awaitReason(String path, String reason) {
		Awaitility.await()
			.atMost(Duration.ofMinutes(1))
			.until(() -> this.settling.longest(10)
				.stream()
				.anyMatch((file) -> file.path().equals(path) && reason.equals(file.reason())));
		// And until it is put back, so that it is due again when the time has passed.
		Awaitility.await()
			.atMost(Duration.ofMinutes(1))
			.until(() -> this.settling.longest(10).stream().noneMatch((file) -> file.inWork));
	}

	private void awaitPublished(long files) {
		Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> this.counts.settledAs(Scanned.PUBLISHED) == files);
		Awaitility.await()
			.atMost(Duration.ofMinutes(1))
			.until(() -> this.settling.longest(10).stream().noneMatch((file) -> file.inWork));
	}

	/** The system's, set on by what has passed. */
	private final class LaterClock extends Clock {

		@Override
		public Instant instant() {
			return Instant.now().plus(FileWorkTest.this.later.get());
		}

		@Override
		public ZoneId getZone() {
			return ZoneOffset.UTC;
		}

		@Override
		public Clock withZone(ZoneId zone) {
			return this;
		}

	}

}
