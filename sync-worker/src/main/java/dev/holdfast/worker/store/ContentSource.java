package dev.holdfast.worker.store;

import java.io.IOException;
import java.nio.channels.SeekableByteChannel;

/**
 * Where the bytes of a put come from. Opened anew for each attempt, and by several
 * readers at once for the parts of a large one; a stream that has been read is never sent
 * again.
 */
@FunctionalInterface
public interface ContentSource {

	/**
	 * The content from its first byte, to be closed by the caller.
	 * @throws IOException where it cannot be opened
	 */
	SeekableByteChannel open() throws IOException;

}
