package dev.holdfast.app.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class SharedFileSystemsTest {

	/** Of {@code linux/magic.h}. */
	private static final int PROC = 0x9fa0;

	@Test
	void theKernelTellsTheType(@TempDir Path directory) throws IOException {
		assertThat(typeOf(Path.of("/proc/self/status"))).isEqualTo(PROC);
		int local = typeOf(Files.writeString(directory.resolve("file"), "content"));
		assertThat(local).isNotEqualTo(PROC);
		assertThat(SharedFileSystems.isOne(local)).isFalse();
		assertThat(SharedFileSystems.isOne(PROC)).isFalse();
	}

	@ParameterizedTest
	@ValueSource(ints = { 0x6969, 0xFF534D42, 0xFE534D42, 0x65735546, 0x01021997 })
	void nfsSmbFuseAndVirtualMachinesFoldersAreShared(int type) {
		assertThat(SharedFileSystems.isOne(type)).isTrue();
	}

	private static int typeOf(Path file) throws IOException {
		int fd = LibC.open(file.toString(), LibC.O_RDONLY);
		try {
			return LibC.fileSystemType(fd);
		}
		finally {
			LibC.close(fd);
		}
	}

}
