package dev.holdfast.worker.source;

import dev.holdfast.model.MediaStored;
import dev.holdfast.model.VolumeName;

/**
 * Where the bytes of media files are read. Tells a file that is gone from a volume that
 * is away, because the first is about one file and the second about none. Safe for use by
 * several threads.
 */
public interface MediaSource {

	/**
	 * Opens the file that an event is about, as it is now; whether it is still what the
	 * event says is for the caller to find out.
	 * @throws SourceException where it cannot be opened
	 */
	SourceFile open(MediaStored event) throws SourceException, InterruptedException;

	/**
	 * Asks, as cheaply as can be, whether a volume is there.
	 * @throws SourceException {@code VOLUME_AWAY} where it is not
	 */
	void probe(VolumeName volume) throws SourceException, InterruptedException;

}
