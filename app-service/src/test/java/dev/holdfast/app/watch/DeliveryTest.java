package dev.holdfast.app.watch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import dev.holdfast.app.volume.VolumeMarks;
import dev.holdfast.model.VolumeName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Whether the kernel tells of changes is tried, on volumes that are written to and on
 * those that are not.
 */
class DeliveryTest {

	@TempDir
	Path root;

	@Test
	void onALocalVolumeItTells() throws IOException {
		VolumeMarks.mark(this.root, new VolumeName("media"));
		assertThat(Delivery.trouble(this.root, false)).isEmpty();
		assertThat(this.root.resolve(".holdfast")).isDirectoryNotContaining((file) -> file.endsWith("watch-probe"));
	}

	@Test
	void onAReadOnlyVolumeThatIsFoundOutByReadingAndNothingIsWritten() throws IOException {
		Path marker = VolumeMarks.mark(this.root, new VolumeName("media")).file();
		Path own = marker.getParent();
		assertThat(own).isNotNull();
		Object before = Files.getLastModifiedTime(own);
		assertThat(Delivery.trouble(this.root, true)).isEmpty();
		assertThat(Files.getLastModifiedTime(own)).isEqualTo(before);
	}

	@Test
	void whereItCannotBeTriedThatIsSaid() {
		assertThat(Delivery.trouble(this.root, true))
			.hasValueSatisfying((trouble) -> assertThat(trouble).contains("could not be tried", ".holdfast"));
		assertThat(Delivery.trouble(this.root, false))
			.hasValueSatisfying((trouble) -> assertThat(trouble).contains("could not be tried", ".holdfast"));
	}

}
