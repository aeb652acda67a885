package dev.holdfast.app.volume;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.holdfast.app.AppSettings;
import dev.holdfast.app.StartupException;
import dev.holdfast.model.MediaId;
import dev.holdfast.model.VolumeName;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * Which directory is which volume.
 */
class VolumesTest {

	@TempDir
	Path directory = Path.of("");

	private Path root = Path.of("");

	@BeforeEach
	void makeRoot() throws IOException {
		this.root = Files.createDirectory(this.directory.resolve("root"));
	}

	private Volumes open(Map<String, String> volumes) {
		return new Volumes(new AppSettings(this.directory.resolve("data"), volumes), new DiskWriter(),
				(_) -> VolumeTraits.PLAIN);
	}

	private Volumes open() {
		return open(Map.of("media", this.root.toString()));
	}

	private static Volume media(Volumes volumes) {
		return volumes.find(new VolumeName("media")).orElseThrow();
	}

	private static void assertNotAvailable(Volumes volumes, String reason) {
		assertThat(media(volumes).state()).isInstanceOfSatisfying(VolumeState.NotAvailable.class,
				(state) -> assertThat(state.reason()).contains("media", reason));
		assertThatExceptionOfType(VolumeNotAvailableException.class).isThrownBy(() -> media(volumes).stage(null));
	}

	private static void assertAvailable(Volumes volumes) {
		assertThat(media(volumes).state()).isEqualTo(new VolumeState.Available());
	}

	private Path marker() {
		return this.root.resolve(".holdfast/volume.json");
	}

	@Test
	void firstStartMakesTheDirectoryAVolume() throws IOException {
		try (Volumes volumes = open()) {
			assertAvailable(volumes);
			assertThat(Files.readString(marker())).contains("\"volume\":\"media\"", "\"id\":\"", "\"created\":\"");
		}
		String marker = Files.readString(marker());
		try (Volumes volumes = open()) {
			assertAvailable(volumes);
			assertThat(marker()).hasContent(marker);
		}
	}

	@Test
	void emptyMountPointIsNotTheVolume() throws IOException {
		open().close();
		Path away = Files.move(this.root, this.directory.resolve("away"));
		Files.createDirectory(this.root);
		try (Volumes volumes = open()) {
			assertNotAvailable(volumes, "has no marker file");
			assertThat(this.root).isEmptyDirectory();
			Files.delete(this.root);
			assertNotAvailable(volumes, "is not there");
			Files.move(away, this.root);
			assertAvailable(volumes);
		}
	}

	@Test
	void directoryThatIsSwappedWhileRunningIsNotTheVolume() throws IOException {
		try (Volumes volumes = open()) {
			assertAvailable(volumes);
			String right = Files.readString(marker());
			Files.writeString(marker(), right.replaceAll("\"id\":\"....", "\"id\":\"0000"));
			assertNotAvailable(volumes, "another volume's marker");
			Files.writeString(marker(), right.replace("media", "other"));
			assertNotAvailable(volumes, "is volume 'other'");
			Files.writeString(marker(), "{");
			assertNotAvailable(volumes, "no marker");
			Files.writeString(marker(), right);
			assertAvailable(volumes);
		}
	}

	@Test
	void directoryWithACopyOfTheMarkerIsSeenToBeAnother() throws IOException {
		try (Volumes volumes = open()) {
			assertAvailable(volumes);
			long generation = media(volumes).generation();
			Path away = Files.move(this.root, this.directory.resolve("away"));
			assertNotAvailable(volumes, "is not there");
			Files.move(away, this.root);
			assertAvailable(volumes);
			assertThat(media(volumes).generation()).isEqualTo(generation + 1);

			Files.move(this.root, away);
			Files.createDirectories(this.root.resolve(".holdfast"));
			Files.copy(away.resolve(".holdfast/volume.json"), marker());
			assertThat(media(volumes).state()).isInstanceOfSatisfying(VolumeState.NotAvailable.class,
					(state) -> assertThat(state.reason()).contains("another directory has its place"));
			assertThat(media(volumes).generation()).isEqualTo(generation + 1);
			assertAvailable(volumes);
			assertThat(media(volumes).generation()).isEqualTo(generation + 2);
			assertAvailable(volumes);
			assertThat(media(volumes).generation()).isEqualTo(generation + 2);
		}
	}

	@Test
	void lockThatIsTakenAwayLetsNoSecondOwnerIn() throws IOException {
		try (Volumes volumes = open()) {
			assertAvailable(volumes);
			Files.delete(this.root.resolve(".holdfast/lock"));
			assertThat(media(volumes).state()).isInstanceOf(VolumeState.NotAvailable.class);
			assertAvailable(volumes);
			AppSettings others = new AppSettings(this.directory.resolve("data2"),
					Map.of("media", this.root.toString()));
			try (Volumes second = new Volumes(others, new DiskWriter(), (_) -> VolumeTraits.PLAIN)) {
				assertNotAvailable(second, "held by another app-service");
			}
		}
	}

	@Test
	void markerIsRememberedEvenWhereTheCatalogIsThrownAway() throws IOException {
		open().close();
		assertThat(this.directory.resolve("data/volumes.json")).isRegularFile();
		Files.delete(marker());
		try (Volumes volumes = open()) {
			assertNotAvailable(volumes, "has no marker file");
		}
		Files.delete(this.directory.resolve("data/volumes.json"));
		try (Volumes volumes = open()) {
			assertAvailable(volumes);
		}
	}

	@Test
	void volumeHasOneOwner() {
		Volumes owner = open();
		AppSettings others = new AppSettings(this.directory.resolve("data2"), Map.of("media", this.root.toString()));
		try (Volumes second = new Volumes(others, new DiskWriter(), (_) -> VolumeTraits.PLAIN)) {
			try (owner) {
				assertAvailable(owner);
				assertNotAvailable(second, "held by another app-service");
			}
			assertAvailable(second);
		}
	}

	@Test
	void leftOversOfAKilledProcessAreRemovedAndNothingElse() throws IOException {
		open().close();
		Files.writeString(this.root.resolve(".holdfast/tmp/left-over"), "half");
		Files.writeString(this.root.resolve("media-file"), "whole");
		try (Volumes volumes = open()) {
			assertThat(media(volumes).staging()).isEmptyDirectory();
			assertThat(this.root.resolve("media-file")).hasContent("whole");
		}
	}

	@Test
	void ownDirectoryIsNoSymbolicLink() throws IOException {
		Path elsewhere = Files.createDirectory(this.directory.resolve("elsewhere"));
		Files.writeString(elsewhere.resolve("precious"), "x");
		Files.createSymbolicLink(this.root.resolve(".holdfast"), elsewhere);
		try (Volumes volumes = open()) {
			assertNotAvailable(volumes, "is not a directory");
		}
		assertThat(elsewhere).isDirectoryContaining("glob:**precious");
	}

	@Test
	void stagedFileAppearsWholeOrNotAtAll() throws IOException {
		try (Volumes volumes = open()) {
			MediaId id = MediaId.of("media", "a/b/c.txt");
			try (StagedFile staged = media(volumes).stage(null); Place place = media(volumes).findOrMake(id)) {
				staged.write(new byte[] { 'x' }, 0, 1);
				staged.finish();
				assertThat(this.root.resolve("a/b/c.txt")).doesNotExist();
				FileStat stat = place.put(staged, place.stat());
				assertThat(stat).isEqualTo(FileStat.of(this.root.resolve("a/b/c.txt")));
			}
			try (StagedFile staged = media(volumes).stage(null)) {
				staged.write(new byte[] { 'y' }, 0, 1);
			}
			assertThat(this.root.resolve("a/b/c.txt")).hasContent("x");
			assertThat(media(volumes).staging()).isEmptyDirectory();
		}
	}

	@Test
	void emptyEntriesAreAbsentOnes() {
		try (Volumes volumes = open(Map.of("media", this.root.toString(), "uploads", " "))) {
			assertThat(volumes.all()).extracting(Volume::name).containsExactly(new VolumeName("media"));
		}
	}

	@Test
	void settingsThatCannotWorkAreToldAtStart() {
		assertRefused(Map.of(), "There is no volume");
		assertRefused(Map.of("media", ""), "There is no volume");
		assertRefused(Map.of("Media", this.root.toString()), "Volume name 'Media'");
		assertRefused(Map.of("media", this.root.toString(), "other", this.root.resolve("inner").toString()),
				"'other' lies inside volume 'media'");
		assertRefused(Map.of("media", this.root.toString(), "other", this.root.toString()), "lies inside volume");
		assertRefused(Map.of("media", this.directory.toString()), "lies on volume 'media'");
	}

	private void assertRefused(Map<String, String> volumes, String message) {
		assertThatExceptionOfType(StartupException.class).isThrownBy(() -> open(volumes).close())
			.withMessageContaining(message)
			.satisfies((ex) -> assertThat(ex.remedy()).isNotBlank());
	}

	@Test
	void aLockThatIsNotTakenBackDoesNotKeepAVolumeFromBeingGivenUp() {
		AtomicBoolean asked = new AtomicBoolean();
		VolumeLock.giveBack(() -> {
			asked.set(true);
			throw new IOException("Stale file handle");
		}, new VolumeName("media"));
		assertThat(asked).isTrue();
	}

	@Test
	void encodingThatDamagesNamesIsToldAtStart() {
		Volumes.requireUnicodeNames("UTF-8");
		assertThatExceptionOfType(StartupException.class)
			.isThrownBy(() -> Volumes.requireUnicodeNames("ANSI_X3.4-1968"))
			.satisfies((ex) -> assertThat(ex.remedy()).contains("LC_ALL=C.UTF-8"));
	}

	@Test
	void readOnlyVolumeNeedsItsMarkerAndIsNotWrittenTo() throws IOException {
		Files.writeString(this.root.resolve("logo.png"), "logo");
		try (Volumes volumes = openReadOnly()) {
			assertNotAvailable(media(volumes), "volume mark");
			assertThat(this.root.resolve(".holdfast")).doesNotExist();
		}
		VolumeMarks.Mark mark = VolumeMarks.mark(this.root, new VolumeName("media"));
		assertThat(mark.made()).isTrue();
		assertThat(VolumeMarks.mark(this.root, new VolumeName("media")))
			.isEqualTo(new VolumeMarks.Mark(marker(), mark.id(), false));
		try (Volumes volumes = openReadOnly()) {
			assertAvailable(volumes);
			MediaId id = MediaId.of("media", "logo.png");
			try (Place place = media(volumes).find(id).orElseThrow()) {
				assertThat(place.stat()).isPresent();
			}
			assertThatExceptionOfType(VolumeReadOnlyException.class).isThrownBy(() -> media(volumes).stage(null))
				.withMessageContaining("holdfast.volumes-read-only");
			assertThatExceptionOfType(VolumeReadOnlyException.class).isThrownBy(() -> media(volumes).findOrMake(id));
			assertThat(this.root.resolve(".holdfast")).isDirectoryNotContaining("glob:**/{lock,tmp}");
			assertThat(this.directory.resolve("data/volume-media.lock")).exists();
			Files.delete(marker());
			assertNotAvailable(media(volumes), "marker");
		}
	}

	@Test
	void markingDoesNotTakeOverAnotherVolume() throws IOException {
		VolumeMarks.mark(this.root, new VolumeName("media"));
		assertThatIOException().isThrownBy(() -> VolumeMarks.mark(this.root, new VolumeName("other")))
			.withMessageContaining("'media' already");
		assertThatIOException().isThrownBy(() -> VolumeMarks.mark(this.root.resolve("none"), new VolumeName("other")))
			.withMessageContaining("not a directory");
	}

	private Volumes openReadOnly() {
		return VolumeFixture.open(this.directory.resolve("data"), Map.of("media", this.root.toString()),
				(_) -> new VolumeTraits(FileRules.ALL, true));
	}

	private static void assertNotAvailable(Volume volume, String reason) {
		assertThat(volume.state()).isInstanceOfSatisfying(VolumeState.NotAvailable.class,
				(state) -> assertThat(state.reason()).contains("media", reason));
	}

}
