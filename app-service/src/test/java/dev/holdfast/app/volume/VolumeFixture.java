package dev.holdfast.app.volume;

import java.nio.file.Path;
import java.util.Map;

import dev.holdfast.app.AppSettings;

/**
 * Volumes for tests without Spring.
 */
public final class VolumeFixture {

	private VolumeFixture() {
	}

	public static Volumes open(Path dataDirectory, Map<String, String> volumes) {
		return open(dataDirectory, volumes, (_) -> VolumeTraits.PLAIN);
	}

	public static Volumes open(Path dataDirectory, Map<String, String> volumes, TraitsOfVolumes traits) {
		return open(dataDirectory, volumes, new DiskWriter(), traits);
	}

	public static Volumes open(Path dataDirectory, Map<String, String> volumes, StagingWriter writer,
			TraitsOfVolumes traits) {
		return new Volumes(new AppSettings(dataDirectory, volumes), writer, traits);
	}

	public static FileLocks locks() {
		return new FileLocks();
	}

}
