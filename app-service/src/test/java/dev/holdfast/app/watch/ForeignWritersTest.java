package dev.holdfast.app.watch;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import dev.holdfast.app.scan.Scanned;
import dev.holdfast.app.volume.Place;
import dev.holdfast.app.volume.StagedFile;
import dev.holdfast.model.Digest;
import dev.holdfast.model.MediaId;
import dev.holdfast.model.MediaStored;
import dev.holdfast.model.Origin;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Programs that write in every way they do. What is recorded is a finished state each
 * time, and the last one in the end.
 */
@Timeout(180)
class ForeignWritersTest {

	private static final FileTime LONG_AGO = FileTime.from(Instant.parse("2020-01-01T00:00:00Z"));

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
	void oneThatWritesSlowlyInManyChunks() throws IOException {
		byte[] content = Watched.bytes(1_000_000, 1);
		try (FileChannel channel = create("slow.jpg")) {
			for (int i = 0; i < 100; i++) {
				channel.write(ByteBuffer.wrap(content, i * 10_000, 10_000));
				if (i % 40 == 20) {
					awaitSeenUnfinished("slow.jpg");
				}
			}
			assertThat(this.watched.stored("slow.jpg")).isEmpty();
		}
		this.watched.awaitStored("slow.jpg", content);
		assertOnly("slow.jpg", content);
	}

	@Test
	void oneThatTruncatesAndRewrites() throws IOException {
		byte[] before = Watched.bytes(50_000, 1);
		byte[] after = Watched.bytes(50_000, 2);
		Files.write(this.watched.path("receipt.pdf"), before);
		this.watched.awaitStored("receipt.pdf", before);
		try (FileChannel channel = FileChannel.open(this.watched.path("receipt.pdf"), StandardOpenOption.WRITE,
				StandardOpenOption.TRUNCATE_EXISTING)) {
			channel.write(ByteBuffer.wrap(after, 0, 20_000));
			// Touches the name, so that the watcher hears of it while it is half written.
			Files.setPosixFilePermissions(this.watched.path("receipt.pdf"),
					PosixFilePermissions.fromString("rw-r--r--"));
			awaitSeenUnfinished("receipt.pdf");
			channel.write(ByteBuffer.wrap(after, 20_000, 30_000));
		}
		this.watched.awaitStored("receipt.pdf", after);
		assertOnly("receipt.pdf", before, after);
	}

	@Test
	void oneThatKeepsTheFileOpenAndSetsItsTimeBack() throws IOException {
		byte[] content = Watched.bytes(10_000, 1);
		try (FileChannel channel = create("open.bin")) {
			channel.write(ByteBuffer.wrap(content, 0, 4_000));
			Files.setLastModifiedTime(this.watched.path("open.bin"), LONG_AGO);
			awaitSeenUnfinished("open.bin");
			Watched.await(() -> "a program has it open for writing"
				.equals(this.watched.status().unfinished().getFirst().reason()));
			channel.write(ByteBuffer.wrap(content, 4_000, 6_000));
		}
		this.watched.awaitStored("open.bin", content);
		assertOnly("open.bin", content);
	}

	@Test
	void oneThatWritesByAMapping() throws IOException {
		byte[] content = Watched.bytes(8192, 1);
		try (Arena arena = Arena.ofConfined()) {
			MemorySegment mapped;
			try (FileChannel channel = FileChannel.open(this.watched.path("mapped.bin"), StandardOpenOption.CREATE_NEW,
					StandardOpenOption.READ, StandardOpenOption.WRITE)) {
				mapped = channel.map(MapMode.READ_WRITE, 0, content.length, arena);
			}
			awaitSeenUnfinished("mapped.bin");
			// The page is dirty after the first: no time changes and no event comes by
			// the others.
			for (int i = 0; i < content.length; i++) {
				mapped.set(ValueLayout.JAVA_BYTE, i, content[i]);
			}
			assertThat(this.watched.stored("mapped.bin")).isEmpty();
		}
		this.watched.awaitStored("mapped.bin", content);
		assertOnly("mapped.bin", content);
	}

	@Test
	void oneThatMovesFromAnotherFileSystem() throws Exception {
		byte[] content = Watched.bytes(4_000_000, 1);
		Path other = Files.createTempFile(Path.of("/dev/shm"), "holdfast", ".png");
		assertThat(Files.getFileStore(other)).as("another file system")
			.isNotEqualTo(Files.getFileStore(this.watched.root));
		Files.write(other, content);
		Files.setLastModifiedTime(other, LONG_AGO);
		Watched.run("mv", other.toString(), this.watched.path("moved.png").toString());

		this.watched.awaitStored("moved.png", content);
		assertOnly("moved.png", content);
		assertThat(this.watched.stored("moved.png").getFirst().modified()).isEqualTo(LONG_AGO.toInstant());
	}

	@Test
	void oneThatReplacesByRenameWithTheSizeAndTimeOfTheOther() throws IOException {
		byte[] before = Watched.bytes(5_000, 1);
		byte[] after = Watched.bytes(5_000, 2);
		write("logo.png", before);
		Files.setLastModifiedTime(this.watched.path("logo.png"), LONG_AGO);
		this.watched.awaitStored("logo.png", before);
		Path other = Files.write(this.directory.resolve("new"), after);
		Files.setLastModifiedTime(other, LONG_AGO);
		Files.move(other, this.watched.path("logo.png"), StandardCopyOption.ATOMIC_MOVE);

		this.watched.awaitStored("logo.png", after);
		assertOnly("logo.png", before, after);
	}

	@Test
	void oneThatAppendsForEverAndNeverCloses() throws IOException {
		try (FileChannel channel = create("app.log")) {
			while (this.watched.status().unfinished().isEmpty()) {
				channel.write(ByteBuffer.wrap(Watched.bytes(100, 1)));
			}
			for (int i = 0; i < 1000; i++) {
				channel.write(ByteBuffer.wrap(Watched.bytes(100, i)));
			}
			assertThat(this.watched.stored("app.log")).isEmpty();
			assertThat(this.watched.status().settling()).isOne();
			assertThat(this.watched.status().unfinished().getFirst().since()).isBefore(Instant.now());
		}
		this.watched.awaitStored("app.log", Files.readAllBytes(this.watched.path("app.log")));
	}

	@Test
	void oneThatOpensAppendsAndClosesWithoutEnd() throws IOException {
		Path log = this.watched.path("app.log");
		while (this.watched.status().unfinished().isEmpty()) {
			Files.write(log, Watched.bytes(100, 1), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
		}
		assertThat(this.watched.stored("app.log")).isEmpty();
		assertThat(this.watched.status().unfinished().getFirst().path()).isEqualTo("app.log");
		this.watched.awaitStored("app.log", Files.readAllBytes(log));
	}

	@Test
	void oneThatChangesTheModeAfterClosing() throws IOException {
		byte[] content = Watched.bytes(5_000, 1);
		write("a.png", content);
		this.watched.awaitStored("a.png", content);
		Files.setPosixFilePermissions(this.watched.path("a.png"), PosixFilePermissions.fromString("rw-------"));

		Watched.await(() -> this.watched.counts().settledAs(Scanned.SAME_BYTES) == 1);
		assertOnly("a.png", content);
	}

	@Test
	void oneThatLinksAFinishedFile() throws IOException {
		byte[] content = Watched.bytes(5_000, 1);
		Path outside = Files.write(this.directory.resolve("outside"), content);
		Files.createLink(this.watched.path("linked"), outside);

		this.watched.awaitStored("linked", content);
	}

	@Test
	void oneThatRenamesAFile() throws IOException {
		byte[] content = Watched.bytes(5_000, 1);
		write("a.tmp", content);
		this.watched.awaitStored("a.tmp", content);
		Files.move(this.watched.path("a.tmp"), this.watched.path("a.png"));

		Watched.await(() -> this.watched.isDeleted("a.tmp"));
		this.watched.awaitQuiet();
		assertThat(this.watched.events().stream().map((event) -> event.getClass().getSimpleName()))
			.as("the new name is recorded before the old one goes")
			.containsExactly("MediaStored", "MediaStored", "MediaDeleted");
		assertThat(this.watched.recorded()).isEqualTo(this.watched.present());
	}

	@Test
	void oneThatDeletesAndOneThatDeletesAndWritesAgain() throws IOException {
		byte[] before = Watched.bytes(5_000, 1);
		byte[] after = Watched.bytes(5_000, 2);
		write("gone.png", before);
		write("again.png", before);
		this.watched.awaitStored("gone.png", before);
		this.watched.awaitStored("again.png", before);
		Files.delete(this.watched.path("gone.png"));
		Files.delete(this.watched.path("again.png"));
		write("again.png", after);

		this.watched.awaitStored("again.png", after);
		Watched.await(() -> this.watched.isDeleted("gone.png"));
		this.watched.awaitQuiet();
		assertOnly("again.png", before, after);
		assertThat(this.watched.recorded()).isEqualTo(this.watched.present());
	}

	@Test
	void holdfastItself() throws IOException {
		byte[] content = Watched.bytes(5_000, 1);
		MediaId id = MediaId.of("media", "a/upload.png");
		try (StagedFile staged = this.watched.volume().stage(null);
				Place place = this.watched.volume().findOrMake(id)) {
			staged.write(content, 0, content.length);
			staged.finish();
			this.watched.catalog.recordStored(id, place.put(staged, place.stat()).stamp(),
					(version) -> new MediaStored(id, version, content.length, Digest.of(content), "image/png",
							Instant.now(), null, null, Origin.UPLOAD));
		}
		Watched.await(() -> this.watched.counts().settledAs(Scanned.UNCHANGED) == 1);
		this.watched.awaitQuiet();
		assertThat(this.watched.events().stream().filter(MediaStored.class::isInstance)).hasSize(1);
	}

	@Test
	void namesThatAreNoUtf8AreCountedAndTheOthersBesideThemRecorded() throws Exception {
		Watched.run("sh", "-c", "cd '" + this.watched.root
				+ "' && mkdir new && printf x > \"new/$(printf 'latin-\\344')\""
				+ " && printf x > \"$(printf 'latin-\\344')\" && printf x > 'größe' && printf x > \"$(printf 'tab\\there')\"");

		this.watched.awaitStored("größe", new byte[] { 'x' });
		this.watched.awaitQuiet();
		assertThat(this.watched.recorded()).containsOnlyKeys("größe");
		assertThat(this.watched.status().refusedNames()).isGreaterThanOrEqualTo(3);
	}

	private void awaitSeenUnfinished(String path) {
		Watched.await(() -> this.watched.status().unfinished().stream().anyMatch((file) -> file.path().equals(path)));
	}

	private void assertOnly(String path, byte[]... finished) {
		this.watched.awaitQuiet();
		Set<Digest> allowed = Arrays.stream(finished).map(Digest::of).collect(Collectors.toSet());
		List<Digest> published = this.watched.stored(path).stream().map(MediaStored::digest).toList();
		assertThat(published).hasSize(finished.length).allMatch(allowed::contains);
		assertThat(this.watched.stored(path)).allMatch((stored) -> stored.origin() == Origin.WATCH);
	}

	private FileChannel create(String path) throws IOException {
		return FileChannel.open(this.watched.path(path), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
	}

	private void write(String path, byte[] content) throws IOException {
		Files.write(this.watched.path(path), content);
	}

}
