package dev.holdfast.app.volume;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

import dev.holdfast.app.AppSettings;
import dev.holdfast.app.StartupException;
import dev.holdfast.model.InvalidMediaPathException;
import dev.holdfast.model.VolumeName;

import org.springframework.stereotype.Component;

/**
 * The volumes that this app-service owns.
 */
@Component
public final class Volumes implements AutoCloseable {

	private static final String UTF_8 = "UTF-8";

	private final SortedMap<VolumeName, Volume> volumes = new TreeMap<>();

	/**
	 * Takes the volumes of the settings into use; one that cannot be used now may come
	 * later.
	 * @throws StartupException where the settings name no volumes, or such that cannot be
	 * apart from each other and the data directory
	 */
	Volumes(AppSettings settings, StagingWriter writer, TraitsOfVolumes traits) {
		requireUnicodeNames(System.getProperty("sun.jnu.encoding", UTF_8));
		KnownVolumes known = new KnownVolumes(settings.dataDir());
		settings.volumes().forEach((name, directory) -> {
			if (!directory.isBlank()) {
				VolumeName volume = nameOf(name);
				Path root = Path.of(directory.strip()).toAbsolutePath().normalize();
				this.volumes.put(volume, new Volume(volume, root, traits.of(volume), known, writer, Clock.systemUTC()));
			}
		});
		requireVolumes();
		requireApart(settings.dataDir());
		this.volumes.values().forEach(Volume::state);
	}

	/**
	 * Finds a volume by its name.
	 */
	public Optional<Volume> find(VolumeName name) {
		return Optional.ofNullable(this.volumes.get(name));
	}

	/**
	 * All volumes, by name.
	 */
	public Collection<Volume> all() {
		return List.copyOf(this.volumes.values());
	}

	/**
	 * The names of all volumes, in their order.
	 */
	public List<VolumeName> names() {
		return List.copyOf(this.volumes.keySet());
	}

	@Override
	public void close() {
		for (Volume volume : this.volumes.values()) {
			volume.close();
		}
	}

	/**
	 * Names of files are kept byte for byte, which a JVM of another encoding cannot do.
	 */
	static void requireUnicodeNames(String encoding) {
		if (!encoding.equalsIgnoreCase(UTF_8)) {
			throw new StartupException("File names would be damaged: this JVM takes them for " + encoding,
					"Start app-service with the environment variable LC_ALL=C.UTF-8.");
		}
	}

	private static VolumeName nameOf(String name) {
		try {
			return new VolumeName(name);
		}
		catch (InvalidMediaPathException ex) {
			throw new StartupException(String.valueOf(ex.getMessage()), "Rename holdfast.volumes." + name + ".", ex);
		}
	}

	private void requireVolumes() {
		if (this.volumes.isEmpty()) {
			throw new StartupException("There is no volume",
					"Set holdfast.volumes.NAME to a directory, or MEDIA_ROOT or UPLOAD_FOLDER to the one of your application.");
		}
	}

	private void requireApart(Path dataDirectory) {
		for (Volume volume : this.volumes.values()) {
			Path root = real(volume.root());
			if (real(dataDirectory).startsWith(root)) {
				throw new StartupException(
						"The data directory " + dataDirectory + " lies on volume '" + volume.name() + "'",
						"Set holdfast.data-dir to a directory outside every volume.");
			}
			for (Map.Entry<VolumeName, Volume> other : this.volumes.entrySet()) {
				if (!other.getKey().equals(volume.name()) && real(other.getValue().root()).startsWith(root)) {
					throw new StartupException(
							"Volume '" + other.getKey() + "' lies inside volume '" + volume.name() + "'",
							"Give each volume a directory of its own: no file may be on two volumes.");
				}
			}
		}
	}

	private static Path real(Path path) {
		try {
			return Files.exists(path) ? path.toRealPath() : path;
		}
		catch (IOException ex) {
			throw new StartupException("The directory " + path + " cannot be looked at: " + ex,
					"Let this user read it.", ex);
		}
	}

}
