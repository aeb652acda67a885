package dev.holdfast.app.watch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import dev.holdfast.app.scan.Scanned;
import dev.holdfast.app.volume.FileStat;
import dev.holdfast.model.Digest;
import dev.holdfast.model.Evidence;
import dev.holdfast.model.MediaDeleted;
import dev.holdfast.model.MediaEvent;
import dev.holdfast.model.MediaId;
import dev.holdfast.model.MediaStored;
import dev.holdfast.model.Origin;
import dev.holdfast.model.WatchGap;
import dev.holdfast.model.WatchGap.Reason;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Directories that come, go and get other names while files are written into them.
 */
@Timeout(300)
class MovingTreesTest {

	@TempDir
	Path directory;

	private Watched watched;

	@BeforeEach
	void watch() {
		this.watched = Watched.start(this.directory);
		assertThat(this.watched.status().mode()).as("%s", this.watched.status()).isEqualTo("inotify");
	}

	@AfterEach
	void close() {
		this.watched.close();
	}

	@Test
	void theFirstFileInNewDirectoriesIsNeverLost() throws IOException {
		Map<String, String> expected = new HashMap<>();
		long begun = System.nanoTime();
		for (int i = 0; i < 300; i++) {
			Path nested = this.watched.path("base-" + i + "/company/icon");
			byte[] content = Watched.bytes(100, i);
			Files.createDirectories(nested);
			Files.write(nested.resolve("logo.png"), content);
			expected.put("base-" + i + "/company/icon/logo.png", Digest.of(content).toString());
		}
		System.out.printf("made 300 trees of 3 directories and a file in %d ms%n",
				TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun));

		awaitRecorded(expected);
		this.watched.awaitQuiet();
		assertThat(stored()).hasSize(300);
		write("base-7/company/icon/later.png", Watched.bytes(10, 1));
		this.watched.awaitStored("base-7/company/icon/later.png", Watched.bytes(10, 1));
	}

	@Test
	void aDirectoryThatIsMovedInIsTakenWhole() throws IOException {
		Path outside = this.directory.resolve("outside");
		Map<String, String> expected = fill(outside, "album", 20, 50);
		Files.move(outside.resolve("album"), this.watched.path("album"));

		awaitRecorded(expected);
		this.watched.awaitQuiet();
		assertThat(stored()).hasSize(1000);
		assertThat(this.watched.gaps(Reason.NEW_DIRECTORY)).singleElement().satisfies((gap) -> {
			assertThat(gap.subtree()).isEqualTo("album");
			assertThat(gap.scanned()).isEqualTo(1000);
			assertThat(gap.changed()).isEqualTo(1000);
		});
		write("album/dir-3/late", new byte[] { 1 });
		this.watched.awaitStored("album/dir-3/late", new byte[] { 1 });
	}

	@Test
	void aDirectoryThatAppearsWithNothingButWhatIsRecordedAlreadyIsNoGap() throws IOException {
		this.watched.holdReader();
		// The read that is under way returns with this one, the next does not begin.
		write("before", new byte[] { 1 });
		this.watched.awaitStored("before", new byte[] { 1 });
		byte[] content = Watched.bytes(10, 1);
		Files.createDirectory(this.watched.path("company"));
		write("company/logo.png", content);
		recordAsUpload("company/logo.png", content);
		this.watched.letReaderGo();

		write("after", new byte[] { 2 });
		this.watched.awaitStored("after", new byte[] { 2 });
		this.watched.awaitQuiet();
		assertThat(this.watched.counts().settledAs(Scanned.UNCHANGED)).isPositive();
		assertThat(this.watched.stored("company/logo.png")).hasSize(1);
		assertThat(this.watched.gaps(Reason.NEW_DIRECTORY)).isEmpty();
	}

	private void recordAsUpload(String path, byte[] content) throws IOException {
		FileStat stat = FileStat.of(this.watched.path(path));
		MediaId id = MediaId.of("media", path);
		this.watched.catalog.recordFound(id, stat.stamp(), (version) -> new MediaStored(id, version, content.length,
				Digest.of(content), "image/png", stat.modified(), stat.owner(), stat.mode(), Origin.UPLOAD));
	}

	@Test
	void aDirectoryThatIsRenamedKeepsItsWatchesAndItsFilesTheirReplicas() throws IOException {
		fill(this.watched.root, "old", 5, 4);
		Map<String, String> before = this.watched.present();
		awaitRecorded(before);
		this.watched.awaitQuiet();
		long watches = this.watched.status().watches();
		Files.move(this.watched.path("old"), this.watched.path("new"));

		Watched.await(() -> before.keySet().stream().allMatch(this.watched::isDeleted));
		this.watched.awaitQuiet();
		assertThat(this.watched.recorded()).isEqualTo(this.watched.present());
		List<MediaEvent> events = this.watched.events();
		for (String path : before.keySet()) {
			String renamed = "new" + path.substring("old".length());
			assertThat(position(events, MediaStored.class, renamed)).as("%s before %s goes", renamed, path)
				.isLessThan(position(events, MediaDeleted.class, path));
		}
		assertThat(this.watched.status().watches()).isEqualTo(watches);
		write("new/dir-2/late", new byte[] { 1 });
		this.watched.awaitStored("new/dir-2/late", new byte[] { 1 });
	}

	@Test
	void whatWasMissingIsNotDeletedByARenameOfItsDirectory() throws IOException {
		write("dir/company/lost", new byte[] { 1 });
		write("dir/kept", new byte[] { 2 });
		this.watched.awaitStored("dir/company/lost", new byte[] { 1 });
		this.watched.awaitStored("dir/kept", new byte[] { 2 });
		this.watched.awaitQuiet();
		this.watched.unwatch();
		Files.delete(this.watched.path("dir/company/lost"));
		markMissing("dir/company/lost");
		this.watched.watch();
		this.watched.awaitQuiet();

		Files.delete(this.watched.path("dir/company"));
		Files.move(this.watched.path("dir"), this.watched.path("other"));
		Watched.await(() -> this.watched.isDeleted("dir/kept"));
		this.watched.awaitQuiet();
		assertThat(this.watched.isDeleted("dir/company/lost")).isFalse();
		assertThat(this.watched.catalog.totals().missing().files()).isOne();
	}

	private void markMissing(String path) {
		this.watched.catalog.scanRecords()
			.markMissing(List.of(this.watched.catalog.find(MediaId.of("media", path)).orElseThrow()), Instant.now());
	}

	@Test
	void aTreeThatIsRemovedIsSeenToGo() throws Exception {
		fill(this.watched.root, "tree", 10, 5);
		Map<String, String> before = this.watched.present();
		awaitRecorded(before);
		Watched.run("rm", "-rf", this.watched.path("tree").toString());

		Watched.await(() -> before.keySet().stream().allMatch(this.watched::isDeleted));
		this.watched.awaitQuiet();
		assertThat(this.watched.events()).filteredOn(MediaDeleted.class::isInstance)
			.hasSize(50)
			.allMatch((event) -> ((MediaDeleted) event).evidence() == Evidence.OBSERVED);
		Watched.await(() -> this.watched.status().watches() == 1);
	}

	@Test
	void aDirectoryThatLeavesTheVolumeIsNoLongerWatched() throws IOException {
		fill(this.watched.root, "leaving", 2, 2);
		Map<String, String> before = this.watched.present();
		awaitRecorded(before);
		Path outside = Files.move(this.watched.path("leaving"), this.directory.resolve("left"));

		Watched.await(() -> before.keySet().stream().allMatch(this.watched::isDeleted));
		Watched.await(() -> this.watched.status().watches() == 1);
		long events = this.watched.counts().events.sum();
		Files.write(outside.resolve("dir-0/late"), new byte[] { 1 });
		write("sentinel", new byte[] { 2 });
		this.watched.awaitStored("sentinel", new byte[] { 2 });
		assertThat(this.watched.counts().events.sum() - events).as("CREATE and CLOSE_WRITE of the sentinel")
			.isEqualTo(2);
	}

	@Test
	void anOverflowIsAGapThatAScanCloses() throws IOException {
		Path subdirectory = Files.createDirectories(this.watched.path("burst"));
		write("burst/first", new byte[] { 1 });
		this.watched.awaitStored("burst/first", new byte[] { 1 });
		Instant before = Instant.now();
		this.watched.holdReader();
		// Has the reader come to the place where it is held.
		write("burst/held", new byte[] { 2 });
		// By a buffer: such a file has an end after the first read, however short.
		int queue = Integer.parseInt(Files.readAllLines(Path.of("/proc/sys/fs/inotify/max_queued_events")).getFirst());
		Path file = subdirectory.resolve("busy");
		for (int i = 0; i <= queue / 2; i++) {
			Files.write(file, new byte[] { (byte) i });
			Files.deleteIfExists(file);
		}
		Files.createDirectories(this.watched.path("burst/unseen/deep"));
		write("burst/unseen/deep/file", new byte[] { 3 });
		this.watched.letReaderGo();

		Watched.await(() -> !this.watched.gaps(Reason.OVERFLOW).isEmpty());
		this.watched.awaitQuiet();
		assertThat(this.watched.counts().overflows.sum()).isPositive();
		assertThat(this.watched.recorded()).isEqualTo(this.watched.present());
		WatchGap gap = this.watched.gaps(Reason.OVERFLOW).getFirst();
		assertThat(gap.subtree()).isEmpty();
		assertThat(gap.from()).as("from before anything was missed").isBefore(before.plusSeconds(1));
		write("burst/unseen/deep/later", new byte[] { 4 });
		this.watched.awaitStored("burst/unseen/deep/later", new byte[] { 4 });
	}

	@Test
	void whatHappensWhileHoldfastIsStoppedIsAGap() throws IOException {
		write("a", new byte[] { 1 });
		this.watched.awaitStored("a", new byte[] { 1 });
		assertThat(this.watched.gaps(Reason.NOT_RUNNING)).as("there was no watching before the first").isEmpty();
		this.watched.awaitQuiet();
		assertThat(this.watched.catalog.watchJournal().watchedUntil(Watched.MEDIA))
			.as("known from the first scan on, so that a crash right after it is a gap")
			.isPresent();
		Instant stopped = Instant.now();
		this.watched.unwatch();
		write("b", new byte[] { 2 });
		this.watched.watch();

		this.watched.awaitStored("b", new byte[] { 2 });
		Watched.await(() -> this.watched.gaps(Reason.NOT_RUNNING).size() == 1);
		WatchGap gap = this.watched.gaps(Reason.NOT_RUNNING).getFirst();
		assertThat(gap.from()).isBetween(stopped.minusSeconds(10), Instant.now());
		assertThat(gap.changed()).isOne();
	}

	@Test
	void aVolumeThatIsMovedAwayAndComesBackIsWatchedAgainAndNothingIsDeleted() throws IOException {
		write("a", new byte[] { 1 });
		this.watched.awaitStored("a", new byte[] { 1 });
		Path away = Files.move(this.watched.root, this.directory.resolve("away"));
		Watched.await(() -> this.watched.status().mode().equals("off"));
		Files.write(away.resolve("b"), new byte[] { 2 });
		Files.move(away, this.watched.root);

		this.watched.awaitStored("b", new byte[] { 2 });
		Watched.await(() -> !this.watched.gaps(Reason.WATCH_LOST).isEmpty());
		write("c", new byte[] { 3 });
		this.watched.awaitStored("c", new byte[] { 3 });
		assertThat(this.watched.events()).noneMatch(MediaDeleted.class::isInstance);
	}

	@Test
	void aBurstOfNewDirectoriesIsTakenWhole() throws Exception {
		long begun = System.nanoTime();
		Path outside = this.directory.resolve("outside");
		Map<String, String> expected = fill(outside, "in", 1000, 10);
		Thread maker = Thread.ofPlatform().start(() -> {
			try {
				expected.putAll(fill(this.watched.root, "made", 1000, 10));
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		});
		Files.createDirectory(this.watched.path("in"));
		try (Stream<Path> parts = Files.list(outside.resolve("in"))) {
			for (Path part : parts.toList()) {
				Files.move(part, this.watched.path("in").resolve(part.getFileName()));
			}
		}
		maker.join();
		long made = System.nanoTime();
		assertThat(expected).hasSize(20_000);

		Watched.await(() -> this.watched.catalog.totals().known().files() == 20_000);
		this.watched.awaitQuiet();
		System.out.printf("20,000 files in 2,000 directories: made in %d ms, all recorded %d ms later, %d overflows%n",
				TimeUnit.NANOSECONDS.toMillis(made - begun), TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - made),
				this.watched.counts().overflows.sum());
		assertThat(this.watched.recorded()).isEqualTo(expected);
		assertThat(stored()).as("each once, and none partly").hasSize(20_000);
	}

	private List<MediaEvent> stored() {
		return this.watched.events().stream().filter(MediaStored.class::isInstance).toList();
	}

	private void awaitRecorded(Map<String, String> expected) {
		Watched.await(() -> this.watched.catalog.totals().known().files() >= expected.size());
		Watched.await(() -> this.watched.recorded().equals(expected));
	}

	private static int position(List<MediaEvent> events, Class<? extends MediaEvent.OfFile> type, String path) {
		for (int i = 0; i < events.size(); i++) {
			if (type.isInstance(events.get(i)) && type.cast(events.get(i)).id().path().equals(path)) {
				return i;
			}
		}
		throw new AssertionError("There is no " + type.getSimpleName() + " of " + path);
	}

	private void write(String path, byte[] content) throws IOException {
		Files.createDirectories(this.watched.path(path).getParent());
		Files.write(this.watched.path(path), content);
	}

	/**
	 * Makes directories with files in them.
	 * @return the digests of the files by their paths
	 */
	private static Map<String, String> fill(Path top, String name, int directories, int files) throws IOException {
		Map<String, String> made = new HashMap<>();
		for (int i = 0; i < directories; i++) {
			Path part = Files.createDirectories(top.resolve(name).resolve("dir-" + i));
			for (int j = 0; j < files; j++) {
				byte[] content = Watched.bytes(200, i * files + j);
				Files.write(part.resolve("file-" + j), content);
				made.put(name + "/dir-" + i + "/file-" + j, Digest.of(content).toString());
			}
		}
		return made;
	}

}
