package dev.holdfast.app.migrate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

import dev.holdfast.app.scan.WriterProbe;
import dev.holdfast.app.volume.FileStat;
import dev.holdfast.app.volume.SourceTree;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * For how long a file has to be still where its times lie ahead of the clock.
 */
class SourceFolderTest {

	private static final Duration SETTLE = Duration.ofSeconds(2);

	@TempDir
	Path directory = Path.of("");

	private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1);

	private SourceFolder folder(Duration clockIsOffBy) throws IOException {
		return new SourceFolder(SourceTree.at(this.directory), SETTLE, Clock.offset(Clock.systemUTC(), clockIsOffBy),
				this.nanos::get, WriterProbe.NONE);
	}

	private Path file(String name) throws IOException {
		return Files.writeString(this.directory.resolve(name), "part");
	}

	private static boolean isSettled(SourceFolder folder, Path file) throws IOException {
		return folder.isSettled(String.valueOf(file.getFileName()), FileStat.of(file));
	}

	@Test
	void whereTheTimeOfTheLastChangeLiesAheadItHasToBeSeenStill() throws IOException {
		SourceFolder folder = folder(Duration.ofHours(-1));
		Path still = file("still");
		Path growing = file("growing");
		assertThat(isSettled(folder, still)).as("at first sight").isFalse();
		assertThat(isSettled(folder, growing)).isFalse();

		this.nanos.addAndGet(SETTLE.toNanos() - 1);
		Files.writeString(growing, "more", StandardOpenOption.APPEND);
		assertThat(isSettled(folder, still)).as("a moment too early").isFalse();
		assertThat(isSettled(folder, growing)).isFalse();

		this.nanos.incrementAndGet();
		assertThat(isSettled(folder, still)).isTrue();
		assertThat(isSettled(folder, growing)).as("it changed").isFalse();

		this.nanos.addAndGet(SETTLE.toNanos());
		assertThat(isSettled(folder, growing)).isTrue();
	}

	@Test
	void aModificationTimeThatAProgramHasSetAheadDelaysNothing() throws IOException {
		Path file = file("set");
		Files.setLastModifiedTime(file, FileTime.from(Instant.now().plus(Duration.ofDays(4000))));

		assertThat(isSettled(folder(Duration.ofHours(1)), file)).isTrue();
		assertThat(isSettled(folder(Duration.ZERO), file)).as("changed just now").isFalse();
	}

	@Test
	void moreThanAreComeBackToAreNotRemembered() throws IOException {
		SourceFolder folder = folder(Duration.ofHours(-1));
		FileStat stat = FileStat.of(file("a"));
		for (int i = 0; i < SourceWalk.MOST_UNSETTLED; i++) {
			assertThat(folder.isSettled("f" + i, stat)).isFalse();
		}
		assertThat(folder.isSettled("over", stat)).isFalse();
		this.nanos.addAndGet(SETTLE.toNanos());

		assertThat(folder.isSettled("over", stat)).isFalse();
		assertThat(folder.isSettled("f1", stat)).isTrue();
	}

}
