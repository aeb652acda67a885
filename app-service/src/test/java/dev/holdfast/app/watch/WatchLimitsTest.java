package dev.holdfast.app.watch;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.holdfast.app.scan.ScanSettings;
import dev.holdfast.app.scan.WriterProbe;
import dev.holdfast.app.watch.WatchSettings.Mode;
import dev.holdfast.model.MediaDeleted;
import dev.holdfast.model.MediaStored;
import dev.holdfast.model.WatchGap.Reason;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What becomes of watching where something is used up, not allowed or not there.
 */
@Timeout(180)
class WatchLimitsTest {

	private static final ScanSettings SCAN = Watched.scanSettings();

	@TempDir
	Path directory;

	private final List<Watched> opened = new ArrayList<>();

	@AfterEach
	void close() {
		this.opened.forEach(Watched::close);
	}

	@Test
	void directoriesBeyondTheLimitOfWatchesAreLookedAtAgainAndAgainAndWatchedWhenThereAreMore() throws IOException {
		Watched watched = open(Watched.settings(Mode.AUTO), SCAN, new LeaseProbe());
		Files.createDirectories(watched.path("a/b/c"));
		watched.mostWatches = 2;
		watched.watch();
		assertThat(watched.status().reason()).contains("fs.inotify.max_user_watches");
		write("a/seen", 1);
		write("a/b/c/polled", 2);

		watched.awaitStored("a/seen", new byte[] { 1 });
		watched.awaitStored("a/b/c/polled", new byte[] { 2 });
		Watched.await(() -> watched.gaps(Reason.WATCH_LOST).stream().anyMatch((gap) -> gap.changed() == 1));
		watched.mostWatches = Integer.MAX_VALUE;
		Watched.await(() -> watched.status().reason() == null && watched.status().watches() == 4);
	}

	@Test
	void aNewDirectoryBeyondTheLimitIsAGap() throws IOException {
		Watched watched = open(Watched.settings(Mode.AUTO), SCAN, new LeaseProbe());
		watched.mostWatches = 1;
		watched.watch();
		Files.createDirectories(watched.path("new"));
		write("new/file", 1);

		watched.awaitStored("new/file", new byte[] { 1 });
		Watched.await(() -> watched.gaps(Reason.WATCH_LOST).stream().anyMatch((gap) -> gap.subtree().equals("new")));
	}

	@Test
	void aDirectoryThatMayNotBeReadIsAGapAndLookedAtAgainUntilItMay() throws IOException {
		Watched watched = open(Watched.settings(Mode.AUTO), SCAN, new LeaseProbe());
		watched.closed.add("new");
		watched.watch();
		Files.createDirectories(watched.path("new/below"));
		write("new/below/file", 1);

		Watched.await(() -> watched.gaps(Reason.WATCH_LOST).stream().anyMatch((gap) -> gap.subtree().equals("new")));
		assertThat(watched.status().reason()).contains("'new'", "this user may not");
		watched.closed.clear();
		Watched.await(() -> watched.status().reason() == null && watched.status().watches() == 3);
		write("new/below/later", 2);
		watched.awaitStored("new/below/later", new byte[] { 2 });
	}

	@Test
	void aDirectoryThatMayNotBeReadAtTheStartIsNoGapOfWhatComesAfterIt() throws IOException {
		Watched watched = open(new WatchSettings(Mode.AUTO, Duration.ofHours(1), Duration.ofMinutes(15), 100), SCAN,
				new LeaseProbe());
		Files.createDirectory(watched.path("kept"));
		watched.closed.add("kept");
		watched.watch();
		Files.createDirectory(watched.path("new"));
		write("new/file", 1);

		watched.awaitStored("new/file", new byte[] { 1 });
		watched.awaitQuiet();
		assertThat(watched.gaps(Reason.WATCH_LOST)).isEmpty();
	}

	@Test
	void aDirectoryThatMayBeReadFromNowOnIsWatchedAtOnce() throws IOException {
		Watched watched = open(new WatchSettings(Mode.AUTO, Duration.ofHours(1), Duration.ofMinutes(15), 100), SCAN,
				new LeaseProbe());
		Files.createDirectories(watched.path("kept/below"));
		watched.closed.add("kept");
		watched.watch();
		assertThat(watched.status().watches()).isOne();
		assertThat(watched.status().reason()).contains("'kept'", "this user may not");
		watched.closed.clear();
		Files.setPosixFilePermissions(watched.path("kept"), PosixFilePermissions.fromString("rwxr-xr-x"));

		Watched.await(() -> watched.status().reason() == null && watched.status().watches() == 3);
		write("kept/below/file", 1);
		watched.awaitStored("kept/below/file", new byte[] { 1 });
	}

	@Test
	void moreFilesThanCanWaitAreFoundByAScan() throws IOException {
		Watched watched = open(new WatchSettings(Mode.AUTO, Duration.ofMinutes(1), Duration.ofMinutes(15), 5), SCAN,
				new LeaseProbe());
		watched.watch();
		Files.createDirectory(watched.path("many"));
		for (int i = 0; i < 200; i++) {
			write("many/" + i, i);
		}
		Watched.await(() -> watched.recorded().equals(watched.present()));
		Watched.await(() -> !watched.gaps(Reason.OVERFLOW).isEmpty());
	}

	@Test
	void whereEventsDoNotComeTheVolumeIsPolled() throws IOException {
		Watched watched = open(Watched.settings(Mode.POLLING), SCAN, new LeaseProbe());
		watched.watch();
		assertThat(watched.status().mode()).isEqualTo("polling");
		Files.createDirectories(watched.path("new"));
		write("new/file", 1);
		watched.awaitStored("new/file", new byte[] { 1 });
		write("new/file", 2);
		watched.awaitStored("new/file", new byte[] { 2 });
		Files.delete(watched.path("new/file"));
		int polls = watched.scanned.size();
		Watched.await(() -> watched.scanned.size() > polls + 2);
		assertThat(watched.events()).noneMatch(MediaDeleted.class::isInstance);
	}

	@Test
	void aRestartIsAGapAlsoWhereAVolumeIsPolled() throws IOException {
		Watched watched = open(Watched.settings(Mode.POLLING), SCAN, new LeaseProbe());
		watched.watch();
		assertThat(watched.gaps(Reason.NOT_RUNNING)).as("never watched before: nothing was missed").isEmpty();
		Instant since = Instant.now();
		int polls = watched.scanned.size();
		Watched.await(() -> watched.scanned.size() > polls + 2);
		watched.unwatch();
		write("while-away", 1);

		watched.watch();

		assertThat(watched.gaps(Reason.NOT_RUNNING)).singleElement().satisfies((gap) -> {
			assertThat(gap.subtree()).isEmpty();
			assertThat(gap.from()).as("begins with the last poll").isAfter(since);
			assertThat(gap.changed()).isOne();
		});
		watched.awaitStored("while-away", new byte[] { 1 });
	}

	@Test
	void whereTheJvmMakesNoNativeCallsTheVolumeIsPolled() throws IOException {
		Watched watched = open(Watched.settings(Mode.AUTO), SCAN, WriterProbe.NONE);
		watched.noNativeCalls = new NoClassDefFoundError("Could not initialize class");
		watched.watch();
		assertThat(watched.status().mode()).isEqualTo("polling");
		assertThat(watched.status().reason()).contains("--enable-native-access=ALL-UNNAMED");
		write("a", 1);
		watched.awaitStored("a", new byte[] { 1 });
	}

	@Test
	void whereInotifyCouldNotBeHadItIsTriedAgainWhilePolling() throws IOException {
		Watched watched = open(Watched.settings(Mode.AUTO), SCAN, new LeaseProbe());
		watched.watch();
		Instant since = Instant.now();
		watched.closed.add("");
		watched.fault = new IllegalStateException("a fault");
		write("a", 1);
		Watched.await(() -> watched.status().mode().equals("polling"));
		assertThat(watched.status().reason()).contains("this user may not");
		write("polled", 2);
		watched.awaitStored("polled", new byte[] { 2 });
		Watched.await(() -> watched.gaps(Reason.WATCH_LOST).size() == 1);
		assertThat(watched.gaps(Reason.WATCH_LOST).getFirst().from()).as("when it last was whole").isBefore(since);
		watched.closed.clear();

		Watched.await(() -> watched.status().mode().equals("inotify"));
		Watched.await(() -> watched.gaps(Reason.WATCH_LOST).size() == 2);
		assertThat(watched.gaps(Reason.WATCH_LOST).getLast()).satisfies((gap) -> {
			assertThat(gap.subtree()).isEmpty();
			assertThat(gap.from()).as("the last poll that was over").isAfter(since);
		});
		assertThat(watched.status().reason()).isNull();
	}

	@Test
	void whereNoLeaseMayBeTakenACreatedFileIsLeftToItsWriterUntilItIsClosed() throws IOException {
		Watched watched = open(Watched.settings(Mode.AUTO), SCAN, WriterProbe.NONE);
		watched.watch();
		try (FileChannel writer = FileChannel.open(watched.path("a"), StandardOpenOption.CREATE_NEW,
				StandardOpenOption.WRITE)) {
			writer.write(ByteBuffer.wrap(new byte[] { 1 }));
			awaitUnclosed(watched, "a");
			assertThat(watched.stored("a")).isEmpty();
			writer.write(ByteBuffer.wrap(new byte[] { 2 }));
		}
		watched.awaitStored("a", new byte[] { 1, 2 });
		assertThat(watched.events()).filteredOn(MediaStored.class::isInstance).hasSize(1);
	}

	@Test
	void whereNoLeaseMayBeTakenAFileThatIsRenamedIsLeftToItsWriterUntilItIsClosed() throws IOException {
		Watched watched = open(Watched.settings(Mode.AUTO), SCAN, WriterProbe.NONE);
		watched.watch();
		try (FileChannel writer = FileChannel.open(watched.path("a.part"), StandardOpenOption.CREATE_NEW,
				StandardOpenOption.WRITE)) {
			writer.write(ByteBuffer.wrap(new byte[] { 1 }));
			Files.move(watched.path("a.part"), watched.path("a"));
			awaitUnclosed(watched, "a");
			writer.write(ByteBuffer.wrap(new byte[] { 2 }));
		}
		watched.awaitStored("a", new byte[] { 1, 2 });
		assertThat(watched.events()).filteredOn(MediaStored.class::isInstance).hasSize(1);
	}

	@Test
	void aFileThatIsClosedWhileNobodyWatchesIsNotLeftToItsWriterAnyMore() throws IOException {
		Watched watched = open(Watched.settings(Mode.AUTO), SCAN, WriterProbe.NONE);
		watched.watch();
		try (FileChannel writer = FileChannel.open(watched.path("a"), StandardOpenOption.CREATE_NEW,
				StandardOpenOption.WRITE)) {
			writer.write(ByteBuffer.wrap(new byte[] { 1 }));
			awaitUnclosed(watched, "a");
			watched.fault = new IllegalStateException("a fault");
			write("b", 1);
			Watched.await(() -> watched.status().mode().equals("off"));
		}
		watched.awaitStored("a", new byte[] { 1 });
		watched.awaitQuiet();
	}

	private static void awaitUnclosed(Watched watched, String path) {
		Watched.await(() -> watched.status()
			.unfinished()
			.stream()
			.anyMatch((file) -> file.path().equals(path) && "its writer has not closed it".equals(file.reason())));
	}

	@Test
	void gapsOfDirectoriesAndOfTheVolumeAreClosedByTheScansThatThereAre() throws IOException {
		Watched watched = open(new WatchSettings(Mode.AUTO, Duration.ofMinutes(1), Duration.ofMinutes(15), 5), SCAN,
				new LeaseProbe());
		watched.realScans = true;
		watched.watch();
		Files.createDirectory(watched.path("many"));
		for (int i = 0; i < 100; i++) {
			write("many/" + i, i);
		}
		Watched.await(() -> !watched.gaps(Reason.OVERFLOW).isEmpty());
		Watched.await(() -> watched.recorded().equals(watched.present()));

		watched.fault = new IllegalStateException("a fault");
		write("a", 1);
		Watched.await(() -> watched.status().mode().equals("off"));
		write("unseen", 2);
		Watched.await(() -> watched.gaps(Reason.WATCH_LOST).stream().anyMatch((gap) -> gap.subtree().isEmpty()));
		Watched.await(() -> watched.recorded().equals(watched.present()));
		watched.awaitQuiet();
	}

	@Test
	void aWatcherThatFailsIsBegunAgainAndThatIsAGap() throws IOException {
		Watched watched = open(Watched.settings(Mode.AUTO), SCAN, new LeaseProbe());
		watched.watch();
		watched.fault = new IllegalStateException("a fault");
		write("a", 1);
		Watched.await(() -> watched.status().mode().equals("off"));
		assertThat(watched.status().reason()).contains("a fault");
		write("unseen", 2);

		watched.awaitStored("unseen", new byte[] { 2 });
		watched.awaitStored("a", new byte[] { 1 });
		Watched.await(() -> watched.gaps(Reason.WATCH_LOST).stream().anyMatch((gap) -> gap.subtree().isEmpty()));
		assertThat(watched.status().mode()).isEqualTo("inotify");
		assertThat(watched.status().reason()).isNull();
	}

	@Test
	void aFileThatDoesNotGetFinishedIsToldOfOnce() throws IOException {
		ListAppender<ILoggingEvent> log = new ListAppender<>();
		log.start();
		Logger logger = (Logger) LoggerFactory.getLogger(FileWork.class);
		logger.addAppender(log);
		try {
			Watched watched = open(new WatchSettings(Mode.AUTO, Duration.ofMinutes(1), Duration.ofMillis(1), 100), SCAN,
					new LeaseProbe());
			watched.watch();
			try (FileChannel _ = FileChannel.open(watched.path("stuck"), StandardOpenOption.CREATE_NEW,
					StandardOpenOption.WRITE)) {
				for (int i = 0; i < 3; i++) {
					// Each has it looked at again.
					Files.setPosixFilePermissions(watched.path("stuck"),
							Files.getPosixFilePermissions(watched.path("stuck")));
					Watched.await(() -> !watched.status().unfinished().isEmpty());
				}
				Watched.await(() -> !List.copyOf(log.list).isEmpty());
			}
			watched.awaitStored("stuck", new byte[0]);
			assertThat(List.copyOf(log.list))
				.filteredOn((event) -> event.getMessage().contains("does not get finished"))
				.hasSize(1);
		}
		finally {
			logger.detachAppender(log);
		}
	}

	@Test
	void aDeleteThatWaitsWhileTheVolumeGoesAwayIsNotCarriedOutOnAnotherCopyOfIt() throws Exception {
		ScanSettings slow = new ScanSettings(true, Duration.ofSeconds(2), Duration.ofSeconds(1), Duration.ZERO, 100, 0,
				0, DataSize.ofBytes(0));
		Watched watched = open(Watched.settings(Mode.AUTO), slow, new LeaseProbe());
		watched.watch();
		write("a", 1);
		watched.awaitStored("a", new byte[] { 1 });
		watched.awaitQuiet();
		long generation = watched.volume().generation();
		Files.delete(watched.path("a"));
		Path away = this.directory.resolve("away");
		Files.move(watched.root, away);
		Watched.await(() -> watched.status()
			.unfinished()
			.stream()
			.anyMatch((file) -> "the volume is not available".equals(file.reason())));
		Watched.run("cp", "-a", away.toString(), watched.root.toString());

		Watched.await(() -> watched.volume().generation() > generation);
		watched.awaitQuiet();
		assertThat(watched.events()).noneMatch(MediaDeleted.class::isInstance);
	}

	private Watched open(WatchSettings settings, ScanSettings scan, WriterProbe probe) {
		Watched made = new Watched(this.directory, settings, scan, probe);
		this.opened.add(made);
		return made;
	}

	private void write(String path, int content) throws IOException {
		Files.write(this.directory.resolve("media").resolve(path), new byte[] { (byte) content });
	}

}
