package dev.holdfast.app.migrate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Directories that are mounted at two paths. Only root can mount, so the keys are given.
 */
class SameDirectoryTest {

	private static final Path VOLUME = Path.of("/srv/media");

	/** The directory /srv is mounted at /mnt/alias too. */
	private static Optional<Object> key(Path path) {
		Path alias = Path.of("/mnt/alias");
		return Optional.of(path.startsWith(alias) ? Path.of("/srv").resolve(alias.relativize(path)).normalize() : path);
	}

	private static boolean apart(String source) throws IOException {
		return !SameDirectory.lieInEachOther(Path.of(source), VOLUME, SameDirectoryTest::key);
	}

	@Test
	void theSameDirectoryUnderAnotherPathIsTheVolume() throws IOException {
		assertThat(apart("/mnt/alias/media")).as("itself").isFalse();
		assertThat(apart("/mnt/alias/media/base/avatars")).as("below").isFalse();
		assertThat(apart("/mnt/alias")).as("above").isFalse();
		assertThat(apart("/mnt/alias/old")).as("beside it").isTrue();
		assertThat(apart("/mnt")).as("holds it by a mount below, which only going there tells").isTrue();
	}

	@Test
	void pathsTellOfDirectoriesThatAreNotThereYet() throws IOException {
		SameDirectory.Keys none = (_) -> Optional.empty();
		assertThat(SameDirectory.lieInEachOther(VOLUME.resolve("a"), VOLUME, none)).isTrue();
		assertThat(SameDirectory.lieInEachOther(VOLUME, VOLUME.resolve("a"), none)).isTrue();
		assertThat(SameDirectory.lieInEachOther(Path.of("/old"), VOLUME, none)).isFalse();
	}

	@Test
	void theFileSystemTellsWhatADirectoryIs(@TempDir Path directory) throws IOException {
		Path one = Files.createDirectory(directory.resolve("one"));
		Path link = Files.createSymbolicLink(directory.resolve("link"), one);
		assertThat(SameDirectory.key(one)).isPresent().isEqualTo(SameDirectory.key(link));
		assertThat(SameDirectory.key(one)).isNotEqualTo(SameDirectory.key(directory));
		assertThat(SameDirectory.key(one.resolve("none"))).isEmpty();
	}

}
