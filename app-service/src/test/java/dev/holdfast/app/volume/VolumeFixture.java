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
		return new Volumes(new AppSettings(dataDirectory, volumes), new DiskWriter());
	}

	public static FileLocks locks() {
		return new FileLocks();
	}

}
