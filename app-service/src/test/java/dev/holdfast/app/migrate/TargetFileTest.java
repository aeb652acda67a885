package dev.holdfast.app.migrate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;

import dev.holdfast.app.catalog.FileStamp;
import dev.holdfast.app.scan.WriterProbe;
import dev.holdfast.app.volume.FileStat;
import dev.holdfast.app.volume.SourceTree;
import dev.holdfast.app.volume.VolumeFixture;
import dev.holdfast.app.volume.Volumes;
import dev.holdfast.model.Digest;
import dev.holdfast.model.MediaId;
import dev.holdfast.model.VolumeName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Sources that are a file of the volume, seen through a file system with inode numbers of
 * its own and coarser times. There is none here, so it is the stamps that are changed.
 */
class TargetFileTest {

	private static final long SECOND = 1_000_000_000;

	private static final MediaId ID = MediaId.of("media", "a");

	@TempDir
	Path directory = Path.of("");

	private Path source = Path.of("");

	private Volumes volumes;

	@BeforeEach
	void open() throws IOException {
		this.source = Files.createDirectories(this.directory.resolve("source"));
		Path root = Files.createDirectories(this.directory.resolve("media"));
		this.volumes = VolumeFixture.open(this.directory.resolve("data"), Map.of("media", root.toString()));
		Files.writeString(this.source.resolve("a"), "one");
		Files.writeString(root.resolve("a"), "one");
	}

	@AfterEach
	void close() {
		this.volumes.close();
	}

	private interface Change {

		FileStamp of(long size, long modified, long changed, long inode);

	}

	/**
	 * Whether the source may be the file on the volume where that has the source's stamp,
	 * changed in a way.
	 */
	private boolean mayBeSame(Change change) throws Exception {
		SourceFolder folder = new SourceFolder(SourceTree.at(this.source), Duration.ZERO, Clock.systemUTC(),
				System::nanoTime, WriterProbe.NONE);
		try (SourceFile file = folder.open("a")) {
			FileStat stat = file.stat();
			FileStamp seen = stat.stamp();
			FileStamp stamp = change.of(seen.size(), seen.modifiedNanos(), seen.changedNanos(), seen.inode());
			return new TargetFile(new FileStat(stat.kind(), stamp, stat.owner(), stat.mode()), Digest.of(new byte[0]))
				.mayBeSameFile(file, this.volumes.find(new VolumeName("media")).orElseThrow(), ID);
		}
	}

	private static long cut(long nanos, long unit) {
		return nanos - Math.floorMod(nanos, unit);
	}

	@Test
	void withTheSameLengthAndTimesItIsTakenForTheSameFileWhateverTheInode() throws Exception {
		assertThat(mayBeSame((size, modified, changed, inode) -> new FileStamp(size, modified, changed, inode + 1)))
			.isTrue();
		assertThat(mayBeSame((size, modified, changed, inode) -> new FileStamp(size, cut(modified, 100),
				cut(changed, 100), inode + 1)))
			.as("times of 100 ns")
			.isTrue();
		assertThat(mayBeSame((size, modified, changed, inode) -> new FileStamp(size, cut(modified, SECOND),
				cut(changed, SECOND), inode + 1)))
			.as("times of a second")
			.isTrue();
	}

	@Test
	void aCopyChangedLaterThanItsSource() throws Exception {
		assertThat(mayBeSame((size, modified, changed, inode) -> new FileStamp(size, modified, changed, inode)))
			.isTrue();
		assertThat(
				mayBeSame((size, modified, changed, inode) -> new FileStamp(size, modified, changed + 100, inode + 1)))
			.isFalse();
		assertThat(mayBeSame((size, modified, changed, inode) -> new FileStamp(size, modified,
				cut(changed, SECOND) + SECOND, inode + 1)))
			.isFalse();
		assertThat(mayBeSame((size, modified, changed, inode) -> new FileStamp(size, modified + 100, changed, inode)))
			.isFalse();
		assertThat(mayBeSame((size, modified, changed, inode) -> new FileStamp(size + 1, modified, changed, inode)))
			.isFalse();
	}

}
