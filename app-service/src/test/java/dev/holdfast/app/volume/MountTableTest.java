package dev.holdfast.app.volume;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class MountTableTest {

	private static final List<String> TABLE = List.of("22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw",
			"40 22 8:17 / /srv rw - ext4 /dev/sdb1 rw", "41 40 8:33 / /srv/media rw - xfs /dev/sdc1 rw",
			"42 41 0:50 / /srv/media rw - tmpfs tmpfs rw",
			"43 22 0:51 /a /mnt/with\\040blank\\134 rw - tmpfs tmpfs rw");

	private static long idOf(String directory) {
		return MountTable.idOf(Path.of(directory), TABLE);
	}

	@Test
	void theDeepestMountCountsAndOfTwoAtOnePlaceTheUpper() {
		assertThat(idOf("/etc")).isEqualTo(22);
		assertThat(idOf("/srv")).isEqualTo(40);
		assertThat(idOf("/srv/media.old/x")).isEqualTo(40);
		assertThat(idOf("/srv/media")).isEqualTo(42);
		assertThat(idOf("/srv/media/deep/below")).isEqualTo(42);
		assertThat(idOf("/mnt/with blank\\/x")).isEqualTo(43);
		assertThat(MountTable.idOf(Path.of("/srv"), List.of())).isEqualTo(MountTable.UNKNOWN);
	}

	@Test
	void thisMachineHasARoot() throws IOException {
		assertThat(MountTable.idOf(Path.of("/").toRealPath())).isPositive();
	}

}
