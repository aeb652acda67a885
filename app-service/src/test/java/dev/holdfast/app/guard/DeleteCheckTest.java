package dev.holdfast.app.guard;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;

import dev.holdfast.app.catalog.Catalog;
import dev.holdfast.app.volume.FileStat;
import dev.holdfast.app.volume.Volume;
import dev.holdfast.app.volume.VolumeFixture;
import dev.holdfast.app.volume.Volumes;
import dev.holdfast.model.Digest;
import dev.holdfast.model.MediaId;
import dev.holdfast.model.MediaStored;
import dev.holdfast.model.Origin;
import dev.holdfast.model.VolumeName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What happens to a volume in the very moment of the look, which {@link ChangeGuardTest}
 * cannot meet.
 */
class DeleteCheckTest {

	private static final MediaId FILE = MediaId.of("media", "logo.png");

	@TempDir
	Path directory = Path.of("");

	@Test
	void nothingFollowsFromALookDuringWhichTheVolumeWasReplaced() throws IOException {
		Path root = Files.createDirectories(this.directory.resolve("media"));
		try (Volumes volumes = VolumeFixture.open(this.directory.resolve("data"), Map.of("media", root.toString()));
				Catalog catalog = Catalog.open(this.directory.resolve("data"), Clock.systemUTC())) {
			Volume volume = volumes.find(new VolumeName("media")).orElseThrow();
			store(catalog, root.resolve("logo.png"));
			assertThat(new DeleteCheck(catalog).against(volume, FILE)).contains(Observed.PRESENT);

			Path away = this.directory.resolve("away");
			DeleteCheck check = new DeleteCheck(catalog, (_, _) -> {
				Files.move(root, away);
				Files.createDirectory(root);
				return false;
			});
			assertThat(check.against(volume, FILE)).contains(Observed.NOT_AVAILABLE);
		}
	}

	@Test
	void nothingFollowsFromALookAtAVolumeThatWentAndCameBack() throws IOException {
		Path root = Files.createDirectories(this.directory.resolve("media"));
		try (Volumes volumes = VolumeFixture.open(this.directory.resolve("data"), Map.of("media", root.toString()));
				Catalog catalog = Catalog.open(this.directory.resolve("data"), Clock.systemUTC())) {
			Volume volume = volumes.find(new VolumeName("media")).orElseThrow();
			store(catalog, root.resolve("logo.png"));
			Path away = this.directory.resolve("away");
			DeleteCheck check = new DeleteCheck(catalog, (looked, _) -> {
				Files.move(root, away);
				assertThat(looked.state()).as("seen to be away").isNotNull();
				Files.move(away, root);
				return false;
			});
			assertThat(check.against(volume, FILE)).contains(Observed.NOT_AVAILABLE);
		}
	}

	private static void store(Catalog catalog, Path file) throws IOException {
		byte[] content = { 1, 2, 3 };
		Files.write(file, content);
		FileStat stat = FileStat.of(file);
		catalog.recordFound(FILE, stat.stamp(), (version) -> new MediaStored(FILE, version, content.length,
				Digest.of(content), "image/png", Instant.EPOCH, stat.owner(), stat.mode(), Origin.UPLOAD));
	}

}
