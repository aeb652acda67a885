package dev.holdfast.app.volume;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import dev.holdfast.app.StartupException;
import dev.holdfast.model.VolumeName;

import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * Remembers the identity of each volume that was ever used, in {@code volumes.json} of
 * the data directory: beside the catalog, which may be thrown away at any time.
 */
final class KnownVolumes {

	private static final JsonMapper JSON = JsonMapper.builder().build();

	private final Path file;

	private final Map<String, String> ids;

	/**
	 * Reads what is remembered.
	 * @throws StartupException where the data directory cannot be used
	 */
	KnownVolumes(Path dataDirectory) {
		this.file = dataDirectory.resolve("volumes.json");
		try {
			Files.createDirectories(dataDirectory);
			this.ids = new TreeMap<>();
			if (Files.exists(this.file)) {
				this.ids.putAll(JSON.readValue(Files.readAllBytes(this.file), new TypeReference<Map<String, String>>() {
				}));
			}
		}
		catch (IOException ex) {
			throw new StartupException("The data directory " + dataDirectory + " cannot be used: " + ex,
					"Make it a directory that this user may write to, or set holdfast.data-dir to one.", ex);
		}
		catch (JacksonException ex) {
			throw new StartupException(this.file + " is not what app-service wrote there: " + ex.getOriginalMessage(),
					"Put it back from a backup, or delete it where the right volumes are mounted.", ex);
		}
	}

	/**
	 * The id that the volume's marker had when it was first used.
	 */
	synchronized Optional<String> idOf(VolumeName volume) {
		return Optional.ofNullable(this.ids.get(volume.value()));
	}

	synchronized void remember(VolumeName volume, String id) throws IOException {
		if (!id.equals(this.ids.put(volume.value(), id))) {
			DurableFiles.write(this.file, JSON.writeValueAsBytes(this.ids));
		}
	}

	/**
	 * The lock of a volume that cannot hold one itself.
	 */
	Path lock(VolumeName volume) {
		return this.file.resolveSibling("volume-" + volume + ".lock");
	}

	/**
	 * The file, for messages.
	 */
	Path file() {
		return this.file;
	}

}
