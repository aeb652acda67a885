package dev.holdfast.standalone;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

import dev.holdfast.model.VolumeName;

/**
 * Which directories are volumes: those given by {@code --volume}, those that the apps'
 * own variables name, and where there are none of either, one below the data directory.
 */
final class VolumeChoice {

	private VolumeChoice() {
	}

	/**
	 * The volumes by name.
	 * @param given as {@code NAME=DIR}
	 * @param byDefault the directory of the volume {@code media} where nothing is given;
	 * created where missing
	 * @throws HoldfastException where a name is not allowed or a directory is not there:
	 * an empty directory in the place of a mount that failed must not pass for a volume
	 */
	static SortedMap<String, Path> of(List<String> given, Environment environment, Path byDefault) {
		SortedMap<String, Path> volumes = new TreeMap<>();
		environment.get("MEDIA_ROOT").ifPresent((directory) -> volumes.put("media", existing("MEDIA_ROOT", directory)));
		environment.get("UPLOAD_FOLDER")
			.ifPresent((directory) -> volumes.put("uploads", existing("UPLOAD_FOLDER", directory)));
		for (String volume : given) {
			int equals = volume.indexOf('=');
			if (equals < 1 || equals == volume.length() - 1) {
				throw new HoldfastException(ExitCode.USAGE,
						"--volume %s: give a name and a directory, as in --volume media=/srv/media".formatted(volume));
			}
			volumes.put(name(volume.substring(0, equals)), existing("--volume", volume.substring(equals + 1)));
		}
		if (volumes.isEmpty()) {
			volumes.put("media", created(byDefault));
		}
		return volumes;
	}

	private static String name(String text) {
		try {
			return new VolumeName(text).value();
		}
		catch (IllegalArgumentException ex) {
			throw new HoldfastException(ExitCode.USAGE, "--volume: " + ex.getMessage(), ex);
		}
	}

	private static Path existing(String source, String text) {
		try {
			Path directory = Path.of(text).toAbsolutePath().normalize();
			if (!Files.isDirectory(directory)) {
				throw new HoldfastException(ExitCode.SETTINGS,
						"%s: %s is not a directory: create or mount it first".formatted(source, directory));
			}
			return directory;
		}
		catch (InvalidPathException ex) {
			throw new HoldfastException(ExitCode.SETTINGS, "%s: not a path: %s".formatted(source, ex.getMessage()), ex);
		}
	}

	private static Path created(Path directory) {
		try {
			return Files.createDirectories(directory);
		}
		catch (IOException ex) {
			throw new HoldfastException(ExitCode.NOT_WRITABLE,
					"Volume directory %s cannot be created (%s): make it writable, or name another with --volume media=DIR"
						.formatted(directory, ex),
					ex);
		}
	}

}
