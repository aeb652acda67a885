package dev.holdfast.app.migrate;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import dev.holdfast.app.AppSettings;
import dev.holdfast.app.api.ProblemException;
import dev.holdfast.app.volume.MountTable;
import dev.holdfast.app.volume.VolumeFixture;
import dev.holdfast.app.volume.Volumes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Sources that hold something of Holdfast by a mount. Only root can mount, so the table
 * of mounts is given.
 */
class MigrationPlansTest {

	@TempDir
	Path directory = Path.of("");

	private Volumes volumes;

	private String table = "";

	@BeforeEach
	void open() throws IOException {
		this.directory = this.directory.toRealPath();
		for (String name : List.of("media", "other", "data", "old")) {
			Files.createDirectory(this.directory.resolve(name));
		}
		this.volumes = VolumeFixture.open(this.directory.resolve("data"),
				Map.of("media", path("media"), "other", path("other")));
		mount("/", "/");
	}

	@AfterEach
	void close() {
		this.volumes.close();
	}

	private String path(String name) {
		return this.directory.resolve(name).toString();
	}

	private void mount(String root, String point) {
		this.table += "1 0 8:1 " + root + " " + point + " rw - ext4 /dev/sda1 rw\n";
	}

	private MigrationPlan plan(boolean cleanup) {
		AppSettings app = new AppSettings(this.directory.resolve("data"), Map.of());
		return new MigrationPlans(new MigrationSettings(List.of("/")), app, this.volumes,
				() -> MountTable.of(this.table.getBytes(StandardCharsets.UTF_8)))
			.of(new MigrationRequest(path("old"), "media", null, false, cleanup));
	}

	private void refused(boolean cleanup, String what) {
		assertThatExceptionOfType(ProblemException.class).isThrownBy(() -> plan(cleanup))
			.withMessageContainingAll(path("old"), what, "by a mount");
	}

	@Test
	void aVolumeThatIsMountedBelowTheSourceIsNamed() {
		assertThat(plan(false).from()).isEqualTo(Path.of(path("old")));
		mount(path("media"), path("old/app/uploads"));
		refused(false, "volume 'media' at " + path("media"));
		refused(true, "volume 'media' at " + path("media"));
	}

	@Test
	void aSourceThatIsAPartOfTheVolumeIsRefused() {
		mount(path("media") + "/avatars", path("old"));
		refused(false, "volume 'media'");
	}

	@Test
	void theDataDirectoryIsNamed() {
		mount(path("data"), path("old/data"));
		refused(false, "the data directory");
	}

	@Test
	void anotherVolumeMayBeCopiedFromAndNotCleanedUp() {
		mount(path("other") + "/avatars", path("old"));
		assertThat(plan(false).from()).isEqualTo(Path.of(path("old")));
		refused(true, "volume 'other'");
	}

}
