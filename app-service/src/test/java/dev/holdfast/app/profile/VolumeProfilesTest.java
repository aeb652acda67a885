package dev.holdfast.app.profile;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import dev.holdfast.app.AppSettings;
import dev.holdfast.app.StartupException;
import dev.holdfast.app.volume.FileRules;
import dev.holdfast.app.volume.VolumeTraits;
import dev.holdfast.model.VolumeName;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Which profile is of which volume.
 */
class VolumeProfilesTest {

	private static VolumeProfiles profiles(Map<String, String> profiles, List<String> readOnly) {
		return new VolumeProfiles(new ProfileSettings(profiles, readOnly),
				new AppSettings(Path.of("data"), Map.of("media", "/a", "static", "/b", "unset", "")));
	}

	@Test
	void withoutOneEveryFileIsLookedAfter() {
		VolumeTraits traits = profiles(Map.of("static", ""), List.of()).of(new VolumeName("media"));
		assertThat(traits.rules()).isSameAs(FileRules.ALL);
		assertThat(traits.readOnly()).isFalse();
	}

	@Test
	void eachVolumeHasItsOwn() {
		VolumeProfiles profiles = profiles(Map.of("media", "horilla", "static", "timetracker"), List.of("static"));
		assertThat(profiles.of(new VolumeName("media")).rules().covers("temp/a")).isFalse();
		assertThat(profiles.of(new VolumeName("media")).readOnly()).isFalse();
		assertThat(profiles.of(new VolumeName("static")).rules().covers("temp/a")).isTrue();
		assertThat(profiles.of(new VolumeName("static")).readOnly()).isTrue();
		assertThat(profiles.find(new VolumeName("media"))).isPresent();
	}

	@Test
	void misspeltVolumesStopTheStart() {
		assertThatExceptionOfType(StartupException.class)
			.isThrownBy(() -> profiles(Map.of("medja", "horilla"), List.of()))
			.withMessageContaining("holdfast.profiles.medja");
		assertThatExceptionOfType(StartupException.class).isThrownBy(() -> profiles(Map.of(), List.of("unset")))
			.withMessageContaining("volumes-read-only");
		assertThatExceptionOfType(StartupException.class)
			.isThrownBy(() -> profiles(Map.of("media", "horila"), List.of()))
			.withMessageContaining("generic, horilla, timetracker");
	}

}
