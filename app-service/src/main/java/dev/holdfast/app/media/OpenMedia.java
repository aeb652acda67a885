package dev.holdfast.app.media;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.time.Instant;

import dev.holdfast.app.volume.FileStat;
import dev.holdfast.model.Digest;
import dev.holdfast.model.MediaId;

/**
 * A media file that is open for reading, and what is true of these bytes.
 *
 * @param id the file
 * @param channel its bytes; stays with them when the file is replaced
 * @param stat what the file system says of it
 * @param digest the digest of its bytes
 * @param contentType its content type
 */
record OpenMedia(MediaId id, FileChannel channel, FileStat stat, Digest digest,
		String contentType) implements Preconditions.Current, AutoCloseable {

	long size() {
		return this.stat.stamp().size();
	}

	@Override
	public Instant modified() {
		return this.stat.modified();
	}

	@Override
	public void close() throws IOException {
		this.channel.close();
	}

}
