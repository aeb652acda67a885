package dev.holdfast.app.volume;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class MountTableTest {

	private static final List<String> TABLE = List.of("22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw",
			"40 22 8:17 / /srv rw - ext4 /dev/sdb1 rw", "41 40 8:33 / /srv/media rw - xfs /dev/sdc1 rw",
			"42 41 0:50 / /srv/media rw - tmpfs tmpfs rw",
			"43 22 0:51 /a /mnt/with\\040blank\\134 rw - tmpfs tmpfs rw");

	private static long idOf(String directory) {
		return MountTable.idOf(Path.of(directory), bytes(TABLE, StandardCharsets.UTF_8));
	}

	private static byte[] bytes(List<String> lines, Charset charset) {
		return (String.join("\n", lines) + "\n").getBytes(charset);
	}

	@Test
	void theDeepestMountCountsAndOfTwoAtOnePlaceTheUpper() {
		assertThat(idOf("/etc")).isEqualTo(22);
		assertThat(idOf("/srv")).isEqualTo(40);
		assertThat(idOf("/srv/media.old/x")).isEqualTo(40);
		assertThat(idOf("/srv/media")).isEqualTo(42);
		assertThat(idOf("/srv/media/deep/below")).isEqualTo(42);
		assertThat(idOf("/mnt/with blank\\/x")).isEqualTo(43);
		assertThat(MountTable.idOf(Path.of("/srv"), new byte[0])).isEqualTo(MountTable.UNKNOWN);
	}

	@Test
	void aMountPointThatIsNoUtf8IsNoObstacle() {
		List<String> lines = new ArrayList<>(TABLE);
		lines.add(1, "44 22 0:52 / /mnt/caf\u00e9\\040x rw - tmpfs tmpfs rw");
		byte[] table = bytes(lines, StandardCharsets.ISO_8859_1);
		assertThat(MountTable.idOf(Path.of("/srv/media"), table)).isEqualTo(42);
		assertThat(MountTable.idOf(Path.of("/mnt"), table)).isEqualTo(22);
		assertThat(MountTable.idOf(Path.of(URI.create("file:///mnt/caf%E9%20x/media")), table)).isEqualTo(44);

		Path umlaut = Path.of(URI.create("file:///mnt/caf%C3%A9%20x"));
		assertThat(MountTable.idOf(umlaut, table)).as("another name").isEqualTo(22);
		assertThat(MountTable.idOf(umlaut, bytes(lines, StandardCharsets.UTF_8))).isEqualTo(44);
	}

	@Test
	void thisMachineHasARoot() throws IOException {
		assertThat(MountTable.idOf(Path.of("/").toRealPath())).isPositive();
	}

}
