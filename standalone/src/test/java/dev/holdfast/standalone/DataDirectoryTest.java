package dev.holdfast.standalone;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class DataDirectoryTest {

	@TempDir
	Path directory;

	@Test
	void open_createsItForItsOwnerOnly() throws Exception {
		Path path = this.directory.resolve("new").resolve("data");
		try (DataDirectory data = DataDirectory.open(path)) {
			assertThat(data.path()).isEqualTo(path);
			assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path))).isEqualTo("rwx------");
		}
	}

	@Test
	void open_refusesADirectoryThatAnotherInstanceHolds() {
		try (DataDirectory first = DataDirectory.open(this.directory)) {
			assertThatExceptionOfType(HoldfastException.class).isThrownBy(() -> DataDirectory.open(this.directory))
				.withMessageContaining(first.path().toString())
				.withMessageContaining("--data")
				.satisfies((ex) -> assertThat(ex.exitCode()).isEqualTo(ExitCode.ALREADY_RUNNING));
		}
		try (DataDirectory again = DataDirectory.open(this.directory)) {
			assertThat(again.path()).isEqualTo(this.directory);
		}
	}

	@Test
	void open_saysThatItCannotBeWritten() throws Exception {
		Path file = Files.createFile(this.directory.resolve("file"));
		assertThatExceptionOfType(HoldfastException.class).isThrownBy(() -> DataDirectory.open(file))
			.withMessageContaining(file.toString())
			.satisfies((ex) -> assertThat(ex.exitCode()).isEqualTo(ExitCode.NOT_WRITABLE));
	}

}
