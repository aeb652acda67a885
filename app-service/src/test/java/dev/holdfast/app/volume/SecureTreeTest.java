package dev.holdfast.app.volume;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * What becomes a symbolic link between the look at it and its opening, which no test from
 * outside can time.
 */
class SecureTreeTest {

	@TempDir
	Path directory = Path.of("");

	@Test
	void aFileThatHasBecomeALinkIsNotOpened() throws IOException {
		Path secret = Files.writeString(this.directory.resolve("secret"), "secret");
		Path root = Files.createDirectory(this.directory.resolve("root"));
		Files.createSymbolicLink(root.resolve("link"), secret);
		try (SecureDirectoryStream<Path> opened = SecureTree.open(root)) {
			Path link = Path.of("link");
			assertThatIOException().isThrownBy(() -> read(opened, link)).withMessageContaining("symbolic link");
			assertThatIOException().isThrownBy(() -> write(opened, link)).withMessageContaining("symbolic link");
		}
		assertThat(secret).hasContent("secret");
	}

	private static void read(SecureDirectoryStream<Path> directory, Path name) throws IOException {
		try (FileChannel file = SecureTree.openFile(directory, name, StandardOpenOption.READ)) {
			assertThat(file.size()).as("size of a file outside").isNegative();
		}
	}

	private static void write(SecureDirectoryStream<Path> directory, Path name) throws IOException {
		try (FileChannel file = SecureTree.openFile(directory, name, StandardOpenOption.WRITE)) {
			file.truncate(0);
		}
	}

}
