package dev.holdfast.s3endpoint;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class WholeFilesTest {

	@TempDir
	Path directory;

	private final WholeFiles mapper = new WholeFiles(new JsonMapper());

	@Test
	void aFileThatIsNotWrittenToItsEndLeavesTheOneBefore() throws IOException {
		File file = this.directory.resolve("metadata.json").toFile();
		this.mapper.writeValue(file, Map.of("objects", 1));
		assertThatThrownBy(() -> this.mapper.writeValue(file, List.of("begun", new Killed(true))))
			.hasMessageContaining("killed here");
		assertThat(Files.readString(file.toPath())).isEqualTo("{\"objects\":1}");
		this.mapper.writeValue(file, Map.of("objects", 2));
		assertThat(Files.readString(file.toPath())).isEqualTo("{\"objects\":2}");
		try (Stream<Path> left = Files.list(this.directory)) {
			assertThat(left).containsExactly(file.toPath());
		}
	}

	/**
	 * Something that cannot be written.
	 *
	 * @param killed whether
	 */
	public record Killed(boolean killed) {

		/** Fails in the middle of the file. */
		public int getObjects() {
			if (this.killed) {
				throw new IllegalStateException("killed here");
			}
			return 0;
		}

	}

}
