package dev.holdfast.app.profile;

import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

import dev.holdfast.app.AppSettings;
import dev.holdfast.app.StartupException;
import dev.holdfast.app.volume.FileRules;
import dev.holdfast.app.volume.TraitsOfVolumes;
import dev.holdfast.app.volume.VolumeTraits;
import dev.holdfast.model.VolumeName;

import org.springframework.stereotype.Component;

/**
 * The profile of each volume.
 */
@Component
public final class VolumeProfiles implements TraitsOfVolumes {

	private final SortedMap<String, Profiles.Choice> choices = new TreeMap<>();

	private final ProfileSettings settings;

	/**
	 * Reads the profiles.
	 * @throws StartupException where one cannot be used, or is of a volume that is not
	 * there
	 */
	VolumeProfiles(ProfileSettings settings, AppSettings app) {
		this.settings = settings;
		settings.profiles().forEach((volume, reference) -> {
			if (!reference.isBlank()) {
				requireVolume(app, volume, "holdfast.profiles." + volume);
				this.choices.put(volume, choose(volume, reference.strip()));
			}
		});
		settings.volumesReadOnly()
			.stream()
			.filter((volume) -> !volume.isBlank())
			.forEach((volume) -> requireVolume(app, volume.strip(), "holdfast.volumes-read-only"));
	}

	/**
	 * The part of a profile that is about the volume.
	 */
	public Optional<ProfileRoot> find(VolumeName volume) {
		return Optional.ofNullable(this.choices.get(volume.value())).map(Profiles.Choice::root);
	}

	@Override
	public VolumeTraits of(VolumeName volume) {
		Optional<ProfileRoot> root = find(volume);
		boolean readOnly = root.map(ProfileRoot::readOnly).orElse(false)
				|| this.settings.volumesReadOnly().stream().anyMatch((name) -> name.strip().equals(volume.value()));
		return new VolumeTraits(root.map(ProfileRoot::rules).orElse(FileRules.ALL), readOnly);
	}

	private static Profiles.Choice choose(String volume, String reference) {
		try {
			return Profiles.choose(reference, volume);
		}
		catch (ProfileException ex) {
			throw new StartupException("The profile of volume '" + volume + "' cannot be used. " + ex.getMessage(),
					"Correct holdfast.profiles." + volume + " or the file.", ex);
		}
	}

	private static void requireVolume(AppSettings app, String volume, String setting) {
		Map<String, String> volumes = app.volumes();
		if (volumes.getOrDefault(volume, "").isBlank()) {
			throw new StartupException(setting + " is about a volume '" + volume + "', and there is none",
					"Correct the name, or set holdfast.volumes." + volume + " to a directory.");
		}
	}

}
