package dev.holdfast.app.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

import dev.holdfast.app.linux.InotifyEvent.Kind;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

@Timeout(60)
class InotifyTest {

	@TempDir
	Path directory;

	private Inotify inotify;

	@BeforeEach
	void open() throws LinuxException {
		this.inotify = Inotify.open();
	}

	@AfterEach
	void close() {
		this.inotify.close();
	}

	@Test
	void tellsWhenAFileThatWasWrittenIsClosed() throws IOException {
		int watch = this.inotify.watch(this.directory);
		Files.writeString(this.directory.resolve("größe.txt"), "content");

		InotifyEvent event = awaitEvent((it) -> it.is(Kind.CLOSE_WRITE));
		assertThat(event.watch()).isEqualTo(watch);
		assertThat(event.name()).contains("größe.txt");
		assertThat(event.isDirectory()).isFalse();
	}

	@Test
	void bothHalvesOfARenameHaveOneCookie() throws IOException {
		Path there = Files.createDirectory(this.directory.resolve("there"));
		this.inotify.watch(this.directory);
		int to = this.inotify.watch(there);
		Files.createDirectory(this.directory.resolve("moving"));
		Files.move(this.directory.resolve("moving"), there.resolve("moved"), StandardCopyOption.ATOMIC_MOVE);

		InotifyEvent from = awaitEvent((it) -> it.is(Kind.MOVED_FROM));
		InotifyEvent arrival = awaitEvent((it) -> it.is(Kind.MOVED_TO));
		assertThat(from.isDirectory()).isTrue();
		assertThat(from.name()).contains("moving");
		assertThat(arrival.name()).contains("moved");
		assertThat(arrival.watch()).isEqualTo(to);
		assertThat(from.cookie()).isNotZero().isEqualTo(arrival.cookie());
	}

	@Test
	void aNameThatIsNoUtf8IsToldByteForByte() throws Exception {
		this.inotify.watch(this.directory);
		Process shell = new ProcessBuilder("sh", "-c", "cd '" + this.directory + "' && : > \"$(printf 'latin-\\344')\"")
			.inheritIO()
			.start();
		assertThat(shell.waitFor()).isZero();

		InotifyEvent event = awaitEvent((it) -> it.is(Kind.CLOSE_WRITE));
		assertThat(event.name()).isEmpty();
		assertThat(event.rawName()).endsWith((byte) 0344).hasSize(7);
	}

	@Test
	void aDirectoryKeepsItsWatchWhateverItsName() throws IOException {
		Path one = Files.createDirectory(this.directory.resolve("one"));
		int watch = this.inotify.watch(one);
		Path two = Files.move(one, this.directory.resolve("two"));

		assertThat(this.inotify.watch(two)).isEqualTo(watch);
		Files.delete(two);
		awaitEvent((it) -> it.is(Kind.IGNORED));
		this.inotify.unwatch(watch);
	}

	@Test
	void onlyDirectoriesAreWatchedAndLinksAreNotFollowed() throws IOException {
		Path file = Files.writeString(this.directory.resolve("file"), "");
		Path link = Files.createSymbolicLink(this.directory.resolve("link"), this.directory);

		for (Path wrong : List.of(file, link, this.directory.resolve("missing"))) {
			assertThatThrownBy(() -> this.inotify.watch(wrong)).isInstanceOfSatisfying(LinuxException.class,
					(ex) -> assertThat(ex.isGone()).isTrue());
		}
	}

	@Test
	void aReaderThatWaitsIsWoken() throws Exception {
		this.inotify.watch(this.directory);
		Thread waker = Thread.ofPlatform().start(this.inotify::wake);

		assertThat(this.inotify.read(Duration.ofMinutes(1))).isEmpty();
		waker.join();
		assertThat(this.inotify.read(Duration.ZERO)).as("the wake is used up").isEmpty();
	}

	private InotifyEvent awaitEvent(Predicate<InotifyEvent> wanted) throws LinuxException {
		List<InotifyEvent> seen = new ArrayList<>(this.left);
		this.left.clear();
		while (true) {
			for (int i = 0; i < seen.size(); i++) {
				if (wanted.test(seen.get(i))) {
					this.left.addAll(seen.subList(i + 1, seen.size()));
					return seen.get(i);
				}
			}
			seen = this.inotify.read(Duration.ofSeconds(30));
			assertThat(seen).as("events within 30 s").isNotEmpty();
		}
	}

	private final List<InotifyEvent> left = new ArrayList<>();

}
