package dev.holdfast.worker.source;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

import dev.holdfast.model.MediaId;
import dev.holdfast.model.MediaStored;
import dev.holdfast.worker.source.SourceException.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class LocalVolumeTest {

	@TempDir
	Path directory;

	private SourceException classified(String path, IOException failure) {
		return new LocalVolume(TestVolume.NAME, this.directory).classify(new MediaId(TestVolume.NAME, path),
				Path.of(path), failure);
	}

	/** Tests may run as the superuser, who is denied nothing. */
	@Test
	void saysWhatToDoAboutAFileItMayNotRead() {
		TestVolume volume = new TestVolume(this.directory);
		volume.write("a/b", new byte[1]);
		SourceException failure = classified("a/b", new AccessDeniedException("a/b"));
		assertThat(failure.kind()).isEqualTo(Kind.UNREADABLE);
		assertThat(failure).hasMessageContaining("media/a/b").hasMessageContaining("let the worker's user read");
	}

	@Test
	void takesNoFailureForTheFilesOwnWhereTheVolumeIsAway() {
		assertThat(classified("a", new AccessDeniedException("a")).kind()).isEqualTo(Kind.VOLUME_AWAY);
		assertThat(classified("a", new FileSystemException("a", null, "Stale file handle")).kind())
			.isEqualTo(Kind.VOLUME_AWAY);
	}

	@Test
	void namesTheSymbolicLinkOnTheWay() throws IOException {
		TestVolume volume = new TestVolume(this.directory);
		Files.createDirectory(volume.pathOf("real"));
		Files.createSymbolicLink(volume.pathOf("link"), volume.pathOf("real"));
		SourceException failure = classified("link/b", new FileSystemException("link", null, "Not a directory"));
		assertThat(failure.kind()).isEqualTo(Kind.UNREADABLE);
		assertThat(failure).hasMessageContaining("'link' is a symbolic link");
	}

	@Test
	void triesAgainAfterAFaultOfTheDevice() {
		TestVolume volume = new TestVolume(this.directory);
		volume.write("a", new byte[1]);
		assertThat(classified("a", new IOException("Input/output error")).kind()).isEqualTo(Kind.TRANSIENT);
	}

	@Test
	void readsNoMoreThanWasThereWhenItWasOpened_andNoticesTheRest() throws Exception {
		TestVolume volume = new TestVolume(this.directory);
		MediaStored event = volume.stored("deep/er/a", new byte[] { 1, 2, 3 });
		try (SourceFile file = volume.source().open(event)) {
			assertThat(file.unchanged()).isTrue();
			volume.write("deep/er/a", new byte[] { 1, 2, 3, 4 });
			assertThat(file.readAll()).containsExactly(1, 2, 3);
			assertThat(file.unchanged()).isFalse();
			volume.write("deep/er/a", new byte[] { 1 });
			assertThat(file.readAll()).containsExactly(1);
		}
	}

	/**
	 * Same size and same modification time, as {@code cp -p} and {@code rsync -a} leave
	 * it.
	 */
	@Test
	void noticesAFileThatWasPutInPlaceOfIt() throws Exception {
		TestVolume volume = new TestVolume(this.directory);
		MediaStored event = volume.stored("a", new byte[] { 1, 2, 3 });
		try (SourceFile file = volume.source().open(event)) {
			Path other = Files.write(volume.pathOf("b"), new byte[] { 4, 5, 6 });
			Files.setLastModifiedTime(other, Files.getLastModifiedTime(volume.pathOf("a")));
			Files.move(other, volume.pathOf("a"), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
			assertThat(file.unchanged()).isFalse();
		}
		Files.delete(volume.pathOf("a"));
		assertThatExceptionOfType(SourceException.class).isThrownBy(() -> volume.source().open(event))
			.satisfies((ex) -> assertThat(Objects.requireNonNull(ex.getMessage())).contains("missing on the volume"));
	}

}
