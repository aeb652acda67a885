package dev.holdfast.app.scan;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import dev.holdfast.app.volume.FileStat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * Both ways to read a directory say the same, and what the JDK says of each file.
 */
class FolderTest {

	@TempDir
	Path root;

	@Test
	void bothSayTheSameOfEveryKindOfName() throws IOException, InterruptedException {
		Files.writeString(this.root.resolve("file"), "content");
		Files.writeString(this.root.resolve("née-\uD83D\uDE00"), "");
		Files.createDirectory(this.root.resolve("dir"));
		Files.writeString(this.root.resolve("dir/inner"), "x");
		Files.createSymbolicLink(this.root.resolve("link"), this.root.resolve("file"));
		Files.createSymbolicLink(this.root.resolve("dangling"), this.root.resolve("nothing"));
		assertThat(new ProcessBuilder("mkfifo", this.root.resolve("fifo").toString()).start().waitFor()).isZero();

		try (Folder linux = LinuxFolder.open(this.root); Folder jdk = new JdkFolder(this.root)) {
			assertThat(names(linux.names())).isEqualTo(names(jdk.names()))
				.containsExactly("dangling", "dir/", "fifo", "file", "link", "née-\uD83D\uDE00");
			for (String name : List.of("dangling", "dir", "fifo", "file", "link", "née-\uD83D\uDE00")) {
				byte[] bytes = ("/" + name).getBytes(StandardCharsets.UTF_8);
				FileStat stat = FileStat.of(this.root.resolve(name));
				assertThat(linux.look(bytes, 1, bytes.length - 1)).isEqualTo(jdk.look(bytes, 1, bytes.length - 1))
					.isEqualTo(new Folder.Seen(stat.kind(), stat.stamp()));
			}
			byte[] inner = "inner".getBytes(StandardCharsets.UTF_8);
			try (Folder one = open(linux, "dir"); Folder other = open(jdk, "dir")) {
				assertThat(one.look(inner, 0, 5)).isEqualTo(other.look(inner, 0, 5));
			}
			for (Folder folder : List.of(linux, jdk)) {
				assertThatThrownBy(() -> open(folder, "link")).isInstanceOf(NotDirectoryException.class);
				assertThatThrownBy(() -> open(folder, "fifo")).isInstanceOf(NotDirectoryException.class);
				assertThatThrownBy(() -> open(folder, "gone")).isInstanceOf(NoSuchFileException.class);
				assertThatThrownBy(() -> folder.look("gone".getBytes(StandardCharsets.UTF_8), 0, 4))
					.isInstanceOf(NoSuchFileException.class);
			}
		}
	}

	@Test
	void linksToDirectoriesAreNotFollowedByEither() throws IOException {
		Files.createDirectory(this.root.resolve("dir"));
		Files.createSymbolicLink(this.root.resolve("link"), this.root.resolve("dir"));
		try (Folder linux = LinuxFolder.open(this.root); Folder jdk = new JdkFolder(this.root)) {
			for (Folder folder : List.of(linux, jdk)) {
				assertThat(names(folder.names())).containsExactly("dir/", "link");
				assertThatThrownBy(() -> open(folder, "link")).isInstanceOf(NotDirectoryException.class);
			}
		}
	}

	@Test
	void moreNamesThanFitIntoOneReading() throws IOException {
		List<String> expected = new ArrayList<>();
		for (int i = 10_000; i < 15_000; i++) {
			String name = "a-name-of-some-length-" + i;
			Files.createFile(this.root.resolve(name));
			expected.add(name);
		}
		try (Folder linux = LinuxFolder.open(this.root)) {
			assertThat(names(linux.names())).isEqualTo(expected);
			assertThat(names(linux.names())).as("once only, as the descriptor is at the end").isEmpty();
		}
	}

	private static Folder open(Folder folder, String name) throws IOException {
		byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
		return folder.open(bytes, 0, bytes.length);
	}

	private static List<String> names(Names names) {
		List<String> all = new ArrayList<>();
		byte[] buffer = new byte[300];
		for (int i = 0; i < names.count(); i++) {
			all.add(new String(buffer, 0, names.copy(i, buffer, 0), StandardCharsets.UTF_8));
		}
		return all;
	}

}
