package dev.holdfast.app.volume;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

import org.springframework.stereotype.Component;

/**
 * Writes to the file itself.
 */
@Component
final class DiskWriter implements StagingWriter {

	@Override
	public void write(FileChannel file, ByteBuffer bytes) throws IOException {
		while (bytes.hasRemaining()) {
			file.write(bytes);
		}
	}

	@Override
	public void sync(FileChannel file) throws IOException {
		file.force(true);
	}

}
