package dev.holdfast.app.media;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.util.Optional;

import dev.holdfast.app.api.ProblemException;
import dev.holdfast.app.api.ProblemType;
import dev.holdfast.app.volume.FileStat;
import dev.holdfast.app.volume.PathRefusedException;
import dev.holdfast.app.volume.Place;
import dev.holdfast.app.volume.Volume;
import dev.holdfast.model.Digest;
import dev.holdfast.model.MediaId;
import dev.holdfast.model.MediaStored;

import org.springframework.stereotype.Component;

/**
 * Opens media files such that bytes, digest and times belong together, although other
 * programs may replace or write to the file at any time.
 */
@Component
final class MediaReader {

	private static final int LOOKS = 3;

	private final MediaStore store;

	private final CurrentDigests digests;

	MediaReader(MediaStore store, CurrentDigests digests) {
		this.store = store;
		this.digests = digests;
	}

	/**
	 * Opens a file.
	 * @throws ProblemException where there is none, or it is being written to
	 */
	OpenMedia open(MediaId id) throws IOException {
		Volume volume = this.store.volume(id.volume());
		volume.requireAvailable();
		try (Place place = volume.find(id).orElseThrow(() -> noSuch(id))) {
			FileChangedException changed = new FileChangedException(id);
			for (int i = 0; i < LOOKS; i++) {
				try {
					return open(id, place);
				}
				catch (FileChangedException ex) {
					changed = ex;
				}
			}
			throw changed.toProblem();
		}
		catch (NoSuchFileException ex) {
			throw noSuch(id);
		}
		catch (PathRefusedException ex) {
			if (ex.kind() == PathRefusedException.Kind.IN_THE_WAY) {
				throw noSuch(id);
			}
			throw ex;
		}
	}

	private OpenMedia open(MediaId id, Place place) throws IOException {
		FileStat stat = place.stat().orElseThrow(() -> noSuch(id));
		FileChannel channel = place.open();
		boolean opened = false;
		try {
			if (!place.stat().map(FileStat::stamp).equals(Optional.of(stat.stamp()))) {
				throw new FileChangedException(id);
			}
			Digest digest = this.digests.of(id, place, stat, channel);
			String contentType = this.digests.recorded(id, stat.stamp())
				.map(MediaStored::contentType)
				.orElseGet(() -> ContentTypes.byName(id.fileName()));
			opened = true;
			return new OpenMedia(id, channel, stat, digest, contentType);
		}
		finally {
			if (!opened) {
				channel.close();
			}
		}
	}

	private static ProblemException noSuch(MediaId id) {
		return new ProblemException(ProblemType.NO_SUCH_MEDIA, "There is no media file '" + id + "'");
	}

}
