package dev.holdfast.app.migrate;

import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.util.Optional;

import dev.holdfast.app.volume.FileStat;
import dev.holdfast.app.volume.Place;
import dev.holdfast.app.volume.Volume;
import dev.holdfast.model.Digest;
import dev.holdfast.model.MediaId;

/**
 * A file that the volume has.
 *
 * @param stat what the file system says of it
 * @param digest the digest of its bytes, read just now
 */
record TargetFile(FileStat stat, Digest digest) {

	private static final int ATTEMPTS = 3;

	/**
	 * Reads the file, where there is one.
	 * @throws IOException where it cannot be read, or keeps changing
	 */
	static Optional<TargetFile> read(Volume volume, MediaId id) throws IOException {
		Optional<Place> found = volume.find(id);
		if (found.isEmpty()) {
			return Optional.empty();
		}
		try (Place place = found.get()) {
			for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
				Optional<FileStat> seen = place.stat();
				if (seen.isEmpty()) {
					return Optional.empty();
				}
				Digest digest;
				try (FileChannel channel = place.open()) {
					digest = Digest.of(Channels.newInputStream(channel));
				}
				if (place.stat().map(FileStat::stamp).equals(seen.map(FileStat::stamp))) {
					return Optional.of(new TargetFile(seen.get(), digest));
				}
			}
		}
		throw new IOException("'" + id + "' keeps changing while it is read: run this again later");
	}

}
