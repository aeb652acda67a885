package dev.holdfast.app.media;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;

import dev.holdfast.app.api.ProblemException;
import dev.holdfast.app.catalog.Catalog;
import dev.holdfast.app.volume.StagedFile;
import dev.holdfast.app.volume.VolumeFixture;
import dev.holdfast.app.volume.Volumes;
import dev.holdfast.model.MediaId;
import dev.holdfast.model.VolumeName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Crashes and failures between two steps.
 */
class MediaStoreTest {

	private static final MediaId ID = MediaId.of("media", "a/b");

	private static final Preconditions NONE = new Preconditions(new EntityTags(false, false, List.of()),
			new EntityTags(false, false, List.of()), null);

	@TempDir
	Path directory = Path.of("");

	@Test
	void fileThatTheCatalogCannotRecordStaysWholeAndIsNotAcknowledged() throws IOException {
		Path root = Files.createDirectory(this.directory.resolve("root"));
		try (Volumes volumes = VolumeFixture.open(this.directory.resolve("data"), Map.of("media", root.toString()))) {
			Catalog catalog = Catalog.open(this.directory.resolve("data"), Clock.systemUTC());
			MediaStore store = new MediaStore(volumes, catalog, VolumeFixture.locks(), new CurrentDigests(catalog));
			catalog.close();
			try (StagedFile staged = volumes.find(new VolumeName("media")).orElseThrow().stage(null)) {
				staged.write(new byte[] { 'x' }, 0, 1);
				staged.finish();
				assertThatExceptionOfType(ProblemException.class)
					.isThrownBy(() -> store.store(ID, staged, "text/plain", NONE))
					.withMessageContaining("is on the volume");
			}
			assertThat(root.resolve("a/b")).hasContent("x");
			assertThat(root.resolve(".holdfast/tmp")).isEmptyDirectory();
		}
	}

}
