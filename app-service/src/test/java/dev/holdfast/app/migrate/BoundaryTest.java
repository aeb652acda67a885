package dev.holdfast.app.migrate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.holdfast.app.volume.SourceTree;
import dev.holdfast.app.volume.Volume;
import dev.holdfast.app.volume.VolumeFixture;
import dev.holdfast.app.volume.Volumes;
import dev.holdfast.model.VolumeName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Directories of a volume that are mounted below a source folder. Only root can mount, so
 * the keys are given.
 */
class BoundaryTest {

	@TempDir
	Path directory = Path.of("");

	private Path source = Path.of("");

	private Path root = Path.of("");

	private Volumes volumes;

	@BeforeEach
	void open() throws IOException {
		this.source = Files.createDirectories(this.directory.resolve("source"));
		this.root = Files.createDirectories(this.directory.resolve("media"));
		this.volumes = VolumeFixture.open(this.directory.resolve("data"), Map.of("media", this.root.toString()));
	}

	@AfterEach
	void close() {
		this.volumes.close();
	}

	private Optional<String> reason(Boundary boundary, String path, Path is) throws IOException {
		Volume volume = this.volumes.find(new VolumeName("media")).orElseThrow();
		MigrationPlan plan = new MigrationPlan(SourceTree.at(this.source), volume, "to/there", MigrationPlan.Mode.COPY,
				boundary);
		return boundary.reasonAgainst(plan, path, SameDirectory.key(is).orElseThrow());
	}

	private Path onVolume(String path) throws IOException {
		return Files.createDirectories(this.root.resolve(path));
	}

	@Test
	void aDirectoryThatCopiesArePutInIsNotGoneInto() throws IOException {
		Boundary none = Boundary.around(List.of(), this.directory.resolve("data"));
		for (String one : List.of("to", "to/there", "to/there/a", "to/there/a/b")) {
			assertThat(reason(none, "a/b", onVolume(one))).as(one)
				.hasValueSatisfying((reason) -> assertThat(reason).contains(one, "volume 'media'"));
		}
		assertThat(reason(none, "a/b", onVolume("to/there/other"))).isEmpty();
		assertThat(reason(none, "a/b", this.source)).isEmpty();
	}

	@Test
	void aVolumeThatIsNotAvailableIsKnownByItsMarker() throws IOException {
		this.root = Files.move(this.root, this.source.resolve("held"));
		Boundary boundary = Boundary.around(this.volumes.all(), this.directory.resolve("data"));

		assertThat(reason(boundary, "held", this.root))
			.hasValueSatisfying((reason) -> assertThat(reason).contains(".holdfast"));
		assertThat(reason(boundary, "", this.source)).isEmpty();
	}

}
