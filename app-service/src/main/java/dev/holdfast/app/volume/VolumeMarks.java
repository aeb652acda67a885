package dev.holdfast.app.volume;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.UUID;

import dev.holdfast.model.MediaId;
import dev.holdfast.model.VolumeName;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads and makes the marker file of a volume.
 */
public final class VolumeMarks {

	private static final JsonMapper JSON = JsonMapper.builder().build();

	private VolumeMarks() {
	}

	/**
	 * What became of marking a directory.
	 *
	 * @param file the marker file
	 * @param id the volume's identity
	 * @param made whether it was made now, and not there before
	 */
	public record Mark(Path file, String id, boolean made) {

	}

	/**
	 * Makes a directory a volume, for an app-service that sees it read-only. Does nothing
	 * where it is that volume already.
	 * @throws FileSystemException where it is no directory, or another volume
	 */
	public static Mark mark(Path root, VolumeName name) throws IOException {
		if (!Files.isDirectory(root)) {
			throw new FileSystemException(root.toString(), null, "is not a directory: mount it, or correct the path");
		}
		Optional<VolumeMarker> before = read(root);
		if (before.isPresent()) {
			if (!before.get().volume().equals(name.value())) {
				throw new FileSystemException(root.toString(), null, "is volume '" + before.get().volume()
						+ "' already: use that name, a directory is one volume for ever");
			}
			return new Mark(file(root), before.get().id(), false);
		}
		DurableFiles.ensureDirectory(root.resolve(MediaId.RESERVED));
		return new Mark(file(root), write(root, name, Clock.systemUTC()).id(), true);
	}

	/**
	 * The volume that a directory is by its marker; empty where it has none.
	 * @throws IOException where it cannot be read or is none
	 */
	public static Optional<String> nameOf(Path root) throws IOException {
		return read(root).map(VolumeMarker::volume);
	}

	/**
	 * The marker of a directory; empty where it has none.
	 * @throws IOException where it cannot be read or is none
	 */
	static Optional<VolumeMarker> read(Path root) throws IOException {
		Path file = file(root);
		try {
			return FileStat.of(file).isFile()
					? Optional.of(JSON.readValue(Files.readAllBytes(file), VolumeMarker.class)) : Optional.empty();
		}
		catch (NoSuchFileException ex) {
			return Optional.empty();
		}
		catch (JacksonException ex) {
			throw new IOException(file + " is no marker: " + ex.getOriginalMessage(), ex);
		}
	}

	/**
	 * Makes a new marker. Holdfast's own directory has to be there.
	 */
	static VolumeMarker write(Path root, VolumeName name, Clock clock) throws IOException {
		VolumeMarker marker = new VolumeMarker(name.value(), UUID.randomUUID().toString(), clock.instant());
		DurableFiles.write(file(root), JSON.writeValueAsBytes(marker));
		return marker;
	}

	/**
	 * Where a volume's marker is.
	 */
	public static Path file(Path root) {
		return root.resolve(MediaId.RESERVED).resolve("volume.json");
	}

}
