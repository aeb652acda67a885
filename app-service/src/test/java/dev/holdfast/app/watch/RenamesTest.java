package dev.holdfast.app.watch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import dev.holdfast.app.guard.GuardSettings;
import dev.holdfast.app.watch.WatchSettings.Mode;
import dev.holdfast.model.MediaDeleted;
import dev.holdfast.model.MediaEvent;
import dev.holdfast.model.MediaId;
import dev.holdfast.model.WatchGap.Reason;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Names that go while their bytes stay on the volume: none of these is a delete, and so
 * none counts towards the limits of deletes.
 */
@Timeout(180)
class RenamesTest {

	private static final int FILES = 30;

	private static final GuardSettings FEW = new GuardSettings(Duration.ofMinutes(10), Duration.ZERO, 5, 0, 1_000_000,
			0, Map.of());

	@TempDir
	Path directory;

	private Watched watched;

	@BeforeEach
	void make() {
		make(Duration.ofMinutes(1), 100_000);
	}

	private void remake(Duration pollInterval, int mostPending) {
		this.watched.volumes.close();
		this.watched.catalog.close();
		make(pollInterval, mostPending);
	}

	private void make(Duration pollInterval, int mostPending) {
		this.watched = new Watched(this.directory,
				new WatchSettings(Mode.AUTO, pollInterval, Duration.ofMinutes(15), mostPending), Watched.scanSettings(),
				new LeaseProbe());
		this.watched.guard = FEW;
	}

	@AfterEach
	void close() {
		this.watched.close();
	}

	@Test
	void aNameThatNoMediaFileCanHaveIsNoDelete() throws Exception {
		fill("a", "b", "dir/c", "other/d");
		Watched.run("sh", "-c", "cd '" + this.watched.root + "' && mv a \"$(printf 'latin-\\344')\""
				+ " && mv b \"$(printf 'tab\\there')\" && mv dir \"$(printf 'l\\344')\" && mv other \"$(printf 't\\tb')\"");

		awaitDecided(1);
		assertThat(List.of("a", "b", "dir/c", "other/d")).noneMatch(this.watched::isDeleted);
	}

	@Test
	void whatWentToADirectoryWhoseNameNoMediaFileCanHaveIsNoDelete() throws Exception {
		fill("a", "b", "dir/c", "kept");
		Watched.run("sh", "-c", "cd '" + this.watched.root + "' && d=\"$(printf 'l\\344')\" && t=\"$(printf 't\\tb')\""
				+ " && mkdir \"$d\" \"$t\" && mv a dir \"$d\" && mv b \"$t\"");

		awaitDecided(1);
		assertThat(List.of("a", "b", "dir/c")).noneMatch(this.watched::isDeleted);
		Files.delete(this.watched.path("kept"));
		Watched.await(() -> this.watched.isDeleted("kept"));
	}

	@Test
	void aNameThatNoMediaFileCanHaveInANewDirectoryIsNoDelete() throws Exception {
		fill("a", "b");
		inOneGo(() -> Watched.run("sh", "-c", "cd '" + this.watched.root
				+ "' && mkdir new && mv a \"new/$(printf 'l\\344')\" && mv b \"new/$(printf 't\\tb')\""));

		Watched.await(() -> this.watched.status().watches() == 3);
		awaitDecided(2);
		assertThat(List.of("a", "b")).noneMatch(this.watched::isDeleted);
	}

	@Test
	void aRenamedDirectoryThatMakesAPathTooLongDeletesNothingThatIsBelowIt() throws Exception {
		String deep = String.join("/", "dir", "x".repeat(200), "y".repeat(200), "z".repeat(200), "w".repeat(200), "f");
		fill(deep, "dir/kept");
		Files.move(this.watched.path("dir"), this.watched.path("d".repeat(250)));

		Watched.await(() -> this.watched.isDeleted("dir/kept"));
		awaitDecided(this.watched.status().watches() - 1);
		assertThat(this.watched.isDeleted(deep)).isFalse();
	}

	@Test
	void aDirectoryThatIsMovedIntoANewOneTakesItsFilesAlong() throws Exception {
		String[] before = paths("up/");
		fill(before);
		inOneGo(() -> {
			Files.createDirectory(this.watched.path("arch"));
			Files.move(this.watched.path("up"), this.watched.path("arch/up"));
		});

		awaitRenamed("up/", "arch/up/");
		assertThat(this.watched.status().watches()).isEqualTo(3);
	}

	@Test
	void aDirectoryThatIsRenamedTwiceBeforeThatIsReadTakesItsFilesAlong() throws Exception {
		fill(paths("up/"));
		inOneGo(() -> {
			Files.move(this.watched.path("up"), this.watched.path("between"));
			Files.move(this.watched.path("between"), this.watched.path("down"));
		});

		awaitRenamed("up/", "down/");
		Files.writeString(this.watched.path("down/later"), "later");
		this.watched.awaitStored("down/later", "later".getBytes(StandardCharsets.UTF_8));
	}

	@Test
	void aDirectoryThatIsRenamedAndThenMovedIntoANewOneTakesItsFilesAlong() throws Exception {
		fill(paths("up/"));
		inOneGo(() -> {
			Files.move(this.watched.path("up"), this.watched.path("between"));
			Files.createDirectory(this.watched.path("arch"));
			Files.move(this.watched.path("between"), this.watched.path("arch/down"));
		});

		awaitRenamed("up/", "arch/down/");
	}

	@Test
	void aNewDirectoryWithTheNameOfOneThatLeftKeepsItsWatch() throws Exception {
		fill("up/company/file");
		inOneGo(() -> {
			// Has the new one found before it is told that the other left.
			Files.move(this.watched.path("up"), this.watched.path("down"));
			Files.move(this.watched.path("down/company"), this.directory.resolve("left"));
			Files.createDirectory(this.watched.path("down/company"));
		});

		awaitDecided(3);
		Files.writeString(this.watched.path("down/company/later"), "later");
		this.watched.awaitStored("down/company/later", "later".getBytes(StandardCharsets.UTF_8));
		assertThat(this.watched.isDeleted("up/company/file")).as("it left before it was found anew: missing").isFalse();
	}

	@Test
	void filesThatAreMovedIntoANewDirectoryAreRecordedThereBeforeTheyGo() throws Exception {
		fill(paths(""));
		inOneGo(() -> {
			Files.createDirectory(this.watched.path("arch"));
			for (String path : paths("")) {
				Files.move(this.watched.path(path), this.watched.path("arch/" + path));
			}
		});

		awaitRenamed("", "arch/");
	}

	@Test
	void filesThatAreMovedThroughANewDirectoryAreRecordedWhereTheyAreBeforeTheyGo() throws Exception {
		Files.createDirectory(this.watched.path("to"));
		fill(paths(""));
		inOneGo(() -> {
			Files.createDirectory(this.watched.path("through"));
			for (String path : paths("")) {
				Files.move(this.watched.path(path), this.watched.path("through/" + path));
				Files.move(this.watched.path("through/" + path), this.watched.path("to/" + path));
			}
		});

		awaitRenamed("", "to/");
	}

	@Test
	void filesThatAreMovedIntoANewDirectoryThatIsRenamedAreRecordedThereBeforeTheyGo() throws Exception {
		fill(paths(""));
		inOneGo(() -> {
			Files.createDirectory(this.watched.path("new"));
			for (String path : paths("")) {
				Files.move(this.watched.path(path), this.watched.path("new/" + path));
			}
			Files.move(this.watched.path("new"), this.watched.path("arch"));
		});

		awaitRenamed("", "arch/");
	}

	@Test
	void whatMayHaveGoneToADirectoryWithoutAWatchIsNoDelete() throws Exception {
		this.watched.closed.add("closed");
		Files.createDirectory(this.watched.path("closed"));
		fill("a", "dir/b");
		// The number is told after a read.
		Files.writeString(this.watched.path("read"), "read");
		Watched.await(() -> this.watched.status().watches() == 3);
		Files.move(this.watched.path("a"), this.watched.path("closed/a"));
		Files.move(this.watched.path("dir"), this.watched.path("closed/dir"));
		Watched.await(() -> this.watched.status().watches() == 2);
		this.watched.closed.clear();
		Files.setPosixFilePermissions(this.watched.path("closed"), PosixFilePermissions.fromString("rwxr-xr-x"));
		this.watched.awaitStored("closed/dir/b", "dir/b".getBytes(StandardCharsets.UTF_8));

		awaitDeletesSoFar();
		assertThat(List.of("a", "dir/b")).noneMatch(this.watched::isDeleted);
	}

	@Test
	void whatWentWhereNothingWasWatchedYetIsNoDelete() throws Exception {
		fill("from/a", "from/dir/b", "q/to/there");
		this.watched.unwatch();
		// Names of the first level are watched by then, those of the second are not.
		this.watched.beforeWatch.put("q/to", () -> {
			move("from/a", "q/to/a");
			move("from/dir", "q/to/dir");
		});
		this.watched.watch();

		this.watched.awaitStored("q/to/a", "from/a".getBytes(StandardCharsets.UTF_8));
		this.watched.awaitStored("q/to/dir/b", "from/dir/b".getBytes(StandardCharsets.UTF_8));
		awaitDecided(5);
		assertThat(List.of("from/a", "from/dir/b")).noneMatch(this.watched::isDeleted);
	}

	@Test
	void whatWentToADirectoryThatHasItsWatchMeanwhileIsNoDelete() throws Exception {
		remake(Duration.ofMillis(200), 100_000);
		this.watched.closed.add("closed");
		Files.createDirectory(this.watched.path("closed"));
		fill("from/a");
		inOneGo(() -> {
			Files.move(this.watched.path("from/a"), this.watched.path("closed/a"));
			this.watched.closed.clear();
		});

		this.watched.awaitStored("closed/a", "from/a".getBytes(StandardCharsets.UTF_8));
		Watched.await(() -> this.watched.status().watches() == 4);
		awaitDecided(3);
		assertThat(this.watched.isDeleted("from/a")).isFalse();
	}

	@Test
	void aRenamedDirectoryWithMoreFilesThanCanWaitDeletesNothing() throws Exception {
		remake(Duration.ofMinutes(1), 3);
		fill(paths("up/"));
		Files.move(this.watched.path("up"), this.watched.path("down"));

		Watched.await(() -> this.watched.recorded().keySet().containsAll(List.of(paths("down/"))));
		this.watched.awaitQuiet();
		awaitDeletesSoFar();
	}

	@Test
	void aFileThatLeftARenamedDirectoryBeforeThatWasListedIsMissing() throws Exception {
		this.watched.realScans = true;
		fill("a/x", "a/big");
		inOneGo(() -> {
			Files.move(this.watched.path("a"), this.watched.path("b"));
			Files.move(this.watched.path("b/big"), this.watched.path("y"));
		});

		Watched.await(() -> this.watched.isDeleted("a/x"));
		this.watched.awaitStored("y", "a/big".getBytes(StandardCharsets.UTF_8));
		awaitDeletesSoFar();
		assertThat(this.watched.isDeleted("a/big")).isFalse();
		assertThat(this.watched.catalog.find(MediaId.of("media", "a/big")).orElseThrow().missing())
			.as("a scan has looked for it")
			.isNotNull();
	}

	@Test
	void aFileThatLeavesARenamedDirectoryWhileItIsWrittenIsKeptUntilItsLastNameIsRecorded() throws Exception {
		fill("a/x", "a/big");
		try (FileChannel _ = FileChannel.open(this.watched.path("a/big"), StandardOpenOption.APPEND)) {
			Files.move(this.watched.path("a"), this.watched.path("b"));
			awaitUnfinished("b/big");
			Files.move(this.watched.path("b/big"), this.watched.path("y"));
			awaitUnfinished("y");
			Watched.await(() -> this.watched.isDeleted("a/x") && this.watched.status().settling() == 1);
			assertThat(this.watched.isDeleted("a/big")).isFalse();
		}

		Watched.await(() -> this.watched.isDeleted("a/big"));
		assertThat(this.watched.recorded()).containsKey("y");
	}

	private void awaitUnfinished(String path) {
		Watched.await(() -> this.watched.status().unfinished().stream().anyMatch((file) -> file.path().equals(path)));
	}

	@Test
	void aDirectoryThatHadANameThatNoMediaFileCanHaveIsTakenWhenItHasAnother() throws Exception {
		fill();
		Files.createDirectory(this.watched.path("t\tb"));
		Files.writeString(this.watched.path("t\tb/x"), "x");
		Files.move(this.watched.path("t\tb"), this.watched.path("tb"));

		this.watched.awaitStored("tb/x", "x".getBytes(StandardCharsets.UTF_8));
		this.watched.awaitQuiet();
		assertThat(this.watched.gaps(Reason.NEW_DIRECTORY)).singleElement()
			.satisfies((gap) -> assertThat(gap.subtree()).isEqualTo("tb"));
	}

	/**
	 * Writes files and waits until they are recorded and watched.
	 */
	private void fill(String... paths) throws IOException {
		for (String path : paths) {
			Files.createDirectories(this.watched.path(path).getParent());
			Files.writeString(this.watched.path(path), path);
		}
		Files.createDirectory(this.watched.path("off"));
		Files.writeString(this.watched.path("off/file"), "off");
		this.watched.watch();
		Watched.await(() -> this.watched.recorded().equals(this.watched.present()));
		this.watched.awaitQuiet();
	}

	private void move(String from, String to) {
		try {
			Files.move(this.watched.path(from), this.watched.path(to));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static String[] paths(String directory) {
		return IntStream.range(0, FILES).mapToObj((i) -> directory + "file-" + i).toArray(String[]::new);
	}

	/**
	 * Does something of which the reader of events hears when it is over.
	 */
	private void inOneGo(Change change) throws Exception {
		this.watched.holdReader();
		// The read that is under way returns with this one, the next does not begin.
		Files.writeString(this.watched.path("held"), "held");
		this.watched.awaitStored("held", "held".getBytes(StandardCharsets.UTF_8));
		change.make();
		this.watched.letReaderGo();
	}

	private interface Change {

		void make() throws Exception;

	}

	private void awaitRenamed(String from, String to) {
		Watched.await(() -> List.of(paths(from)).stream().allMatch(this.watched::isDeleted));
		awaitDeletesSoFar();
		assertThat(this.watched.recorded().keySet()).contains(paths(to));
		List<MediaEvent> events = this.watched.events();
		for (String name : paths("")) {
			assertThat(events.indexOf(this.watched.stored(to + name).getFirst())).as("%s before it goes", name)
				.isLessThan(events.indexOf(deleted(events, from + name)));
		}
	}

	private static MediaEvent deleted(List<MediaEvent> events, String path) {
		return events.stream()
			.filter((event) -> event instanceof MediaDeleted deleted && deleted.id().path().equals(path))
			.findFirst()
			.orElseThrow();
	}

	/**
	 * One that leaves the volume is deleted, and with it what was taken for that before.
	 */
	private void awaitDeletesSoFar() {
		leave();
		Watched.await(() -> this.watched.isDeleted("off/file") || isHeld());
		this.watched.awaitQuiet();
		assertThat(isHeld()).as("more were deleted than may be").isFalse();
	}

	/**
	 * One that leaves the volume is not watched any more, whether it is taken for deleted
	 * or not, and what left before it is decided, too.
	 * @param watches how many there are then
	 */
	private void awaitDecided(long watches) {
		leave();
		Watched.await(() -> this.watched.status().watches() == watches);
		this.watched.awaitQuiet();
	}

	private void leave() {
		try {
			Files.move(this.watched.path("off"), this.directory.resolve("off"));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private boolean isHeld() {
		return this.watched.catalog.holds().of(Watched.MEDIA).isPresent();
	}

}
