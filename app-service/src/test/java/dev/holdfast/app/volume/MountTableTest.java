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
		return MountTable.of(bytes(TABLE, StandardCharsets.UTF_8)).id(Path.of(directory));
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
		assertThat(MountTable.of(new byte[0]).id(Path.of("/srv"))).isEqualTo(MountTable.UNKNOWN);
	}

	@Test
	void aMountPointThatIsNoUtf8IsNoObstacle() {
		List<String> lines = new ArrayList<>(TABLE);
		lines.add(1, "44 22 0:52 / /mnt/caf\u00e9\\040x rw - tmpfs tmpfs rw");
		MountTable table = MountTable.of(bytes(lines, StandardCharsets.ISO_8859_1));
		assertThat(table.id(Path.of("/srv/media"))).isEqualTo(42);
		assertThat(table.id(Path.of("/mnt"))).isEqualTo(22);
		assertThat(table.id(Path.of(URI.create("file:///mnt/caf%E9%20x/media")))).isEqualTo(44);

		Path umlaut = Path.of(URI.create("file:///mnt/caf%C3%A9%20x"));
		assertThat(table.id(umlaut)).as("another name").isEqualTo(22);
		assertThat(MountTable.of(bytes(lines, StandardCharsets.UTF_8)).id(umlaut)).isEqualTo(44);
	}

	/** In a container: the application's folder, and the volume, which is in it. */
	private static boolean showTheSame(String one, String other, String... more) {
		List<String> lines = new ArrayList<>(TABLE);
		lines.addAll(List.of("50 22 8:65 /srv/app /migrate rw - ext4 /dev/sde1 rw",
				"51 22 8:65 /srv/app/uploads /media rw - ext4 /dev/sde1 rw",
				"52 22 8:65 /srv/app/uploads/avatars /avatars rw - ext4 /dev/sde1 rw",
				"53 22 8:65 /srv/app\\040old /old rw - ext4 /dev/sde1 rw",
				"54 22 8:81 /srv/app /disk rw - ext4 /dev/sdf1 rw", "55 22 0:4 net:[1] /run/one rw - nsfs nsfs rw"));
		lines.addAll(List.of(more));
		MountTable table = MountTable.of(bytes(lines, StandardCharsets.UTF_8));
		boolean same = table.showTheSame(Path.of(one), Path.of(other));
		assertThat(table.showTheSame(Path.of(other), Path.of(one))).isEqualTo(same);
		return same;
	}

	@Test
	void whatIsMountedTwiceIsShownTwice() {
		assertThat(showTheSame("/migrate", "/media")).as("holds it").isTrue();
		assertThat(showTheSame("/migrate/uploads", "/media")).as("is it").isTrue();
		assertThat(showTheSame("/migrate/uploads/avatars", "/media")).as("lies on it").isTrue();
		assertThat(showTheSame("/avatars", "/media")).as("is a part of it").isTrue();
		assertThat(showTheSame("/avatars/2024", "/media/avatars")).isTrue();
		assertThat(showTheSame("/migrate/static", "/media")).as("beside it").isFalse();
		assertThat(showTheSame("/avatars", "/media/logos")).isFalse();
		assertThat(showTheSame("/old", "/migrate")).as("a name that begins alike").isFalse();
		assertThat(showTheSame("/disk", "/migrate")).as("another file system").isFalse();
		assertThat(showTheSame("/run", "/media")).isFalse();
	}

	@Test
	void whatIsMountedBelowIsShownToo() {
		String bound = "60 22 8:65 /srv/app/uploads/logos /old/static/logos rw - ext4 /dev/sde1 rw";
		assertThat(showTheSame("/old", "/media", bound)).isTrue();
		assertThat(showTheSame("/old/static/logos", "/media", bound)).isTrue();
		assertThat(showTheSame("/old/static/other", "/media", bound)).isFalse();
		assertThat(showTheSame("/old", "/avatars", bound)).isFalse();
		assertThat(MountTable.of(new byte[0]).showTheSame(Path.of("/a"), Path.of("/a"))).isFalse();
	}

	@Test
	void thisMachineHasARoot() throws IOException {
		assertThat(MountTable.idOf(Path.of("/").toRealPath())).isPositive();
	}

}
