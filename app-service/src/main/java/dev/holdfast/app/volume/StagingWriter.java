package dev.holdfast.app.volume;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/**
 * Brings the bytes of a staged file onto the disk. A seam, so that a disk that is full or
 * broken can be tried without one.
 */
public interface StagingWriter {

	/**
	 * Writes all that is left in the buffer.
	 * @throws IOException where the file system does not take it
	 */
	void write(FileChannel file, ByteBuffer bytes) throws IOException;

	/**
	 * Returns when the bytes are on the disk.
	 * @throws IOException where they are not
	 */
	void sync(FileChannel file) throws IOException;

}
