package dev.holdfast.app.volume;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * A source folder that is replaced while its files are looked at.
 */
@Timeout(60)
class SourceTreeTest {

	@TempDir
	Path directory = Path.of("");

	private Path source = Path.of("");

	private Path foreign = Path.of("");

	@BeforeEach
	void make() throws IOException {
		this.source = Files.createDirectory(this.directory.resolve("source"));
		this.foreign = Files.createDirectory(this.directory.resolve("foreign"));
		Files.writeString(this.source.resolve("a"), "own");
		Files.writeString(this.foreign.resolve("a"), "secret");
	}

	private void replaceByLink() throws IOException {
		Files.move(this.source, this.directory.resolve("moved"));
		Files.createSymbolicLink(this.source, this.foreign);
	}

	private void refused(SourceTree tree) {
		assertThatExceptionOfType(SourceReplacedException.class).isThrownBy(() -> find(tree));
		assertThatExceptionOfType(SourceReplacedException.class).isThrownBy(() -> hold(tree));
		assertThatExceptionOfType(SourceReplacedException.class).isThrownBy(() -> walk(tree));
	}

	private static void find(SourceTree tree) throws IOException {
		try (Place place = tree.find("a").orElseThrow()) {
			assertThat(place.path()).as("found").isNull();
		}
	}

	private static void hold(SourceTree tree) throws IOException {
		try (Closeable held = tree.hold()) {
			assertThat(held).as("held").isNull();
		}
	}

	private static void walk(SourceTree tree) throws IOException {
		tree.walk(new SimpleFileVisitor<>() {

			@Override
			public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
				assertThat(file).as("visited").isNull();
				return FileVisitResult.CONTINUE;
			}

		});
	}

	@Test
	void whateverReplacesTheFolderIsNotOpened() throws Exception {
		SourceTree tree = SourceTree.at(this.source);
		tree.requireInPlace();
		replaceByLink();
		refused(tree);
		Files.delete(this.source);
		refused(tree);
		Files.move(this.foreign, this.source);
		refused(tree);
		Files.move(this.source, this.foreign);
		assertThat(new ProcessBuilder("mkfifo", this.source.toString()).start().waitFor()).isZero();
		refused(tree);
		Files.delete(this.source);
		Files.move(this.directory.resolve("moved"), this.source);
		tree.requireInPlace();
	}

	@Test
	void whatWasMissingStaysMissing() throws IOException {
		SourceTree tree = SourceTree.at(this.directory.resolve("later"));
		assertThat(tree.isMissing()).isTrue();
		Files.move(this.foreign, this.directory.resolve("later"));
		refused(tree);
	}

	@Test
	void whoHasAFileOpenIsToldNothingOfAnotherAtItsPath() throws IOException {
		Files.setAttribute(this.foreign.resolve("a"), "unix:mode", 04755);
		try (Place place = SourceTree.at(this.source).find("a").orElseThrow()) {
			replaceByLink();
			assertThatIOException().isThrownBy(place::stat).withMessageContaining("replaced");
			try (FileChannel channel = place.open()) {
				assertThat(Channels.newInputStream(channel).readAllBytes())
					.isEqualTo("own".getBytes(StandardCharsets.UTF_8));
			}
			place.delete();
		}
		assertThat(this.foreign.resolve("a")).hasContent("secret");
		assertThat(this.directory.resolve("moved/a")).doesNotExist();
	}

}
