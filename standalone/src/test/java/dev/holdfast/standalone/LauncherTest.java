package dev.holdfast.standalone;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the {@code holdfast} script says before there is a JVM.
 */
class LauncherTest {

	private static final Path SCRIPT = Path.of("../holdfast").toAbsolutePath().normalize();

	@TempDir
	Path directory = Path.of("");

	@Test
	void aJdkThatIsTooOldIsNamedInOneLineThatSaysWhatToDo() throws Exception {
		Path home = this.directory.resolve("jdk");
		Path java = Files.createDirectories(home.resolve("bin")).resolve("java");
		Files.writeString(java, "#!/bin/sh\necho 'openjdk version \"17.0.1\" 2021-10-19' >&2\n");
		Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
		assertRefused(home, "holdfast: HOLDFAST_JAVA=" + home
				+ " is Java 17, but JDK 25 or later is needed: correct or unset it\n");
	}

	@Test
	void aPlaceWithoutAJdkIsNamedToo() throws Exception {
		Path nowhere = this.directory.resolve("nowhere");
		assertRefused(nowhere, "holdfast: HOLDFAST_JAVA=" + nowhere
				+ " is no JDK, but JDK 25 or later is needed: correct or unset it\n");
	}

	private void assertRefused(Path java, String expected) throws IOException, InterruptedException {
		Path said = this.directory.resolve("said");
		ProcessBuilder builder = new ProcessBuilder(SCRIPT.toString(), "--version").redirectErrorStream(true)
			.redirectOutput(said.toFile());
		builder.environment().putAll(Map.of("HOLDFAST_JAVA", java.toString(), "HOLDFAST_BUILD", "never"));
		Process process = builder.start();
		assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
		assertThat(Files.readString(said, StandardCharsets.UTF_8)).isEqualTo(expected);
		assertThat(process.exitValue()).isEqualTo(3);
	}

}
