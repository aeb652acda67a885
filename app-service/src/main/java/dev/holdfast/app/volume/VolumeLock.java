package dev.holdfast.app.volume;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * The lock of the one process that has a volume. It is the operating system's, so it does
 * not outlive the process.
 */
final class VolumeLock {

	private VolumeLock() {
	}

	/** What is done as soon as the lock is held. */
	@FunctionalInterface
	interface Begin {

		void run() throws IOException;

	}

	/**
	 * Takes the lock. Closing the channel gives it back.
	 * @return empty where another process holds it
	 */
	static Optional<FileChannel> take(Path file, Begin begin) throws IOException {
		FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE,
				LinkOption.NOFOLLOW_LINKS);
		boolean owned = false;
		try {
			FileLock lock = channel.tryLock();
			if (lock == null) {
				return Optional.empty();
			}
			begin.run();
			owned = true;
			return Optional.of(channel);
		}
		catch (OverlappingFileLockException ex) {
			return Optional.empty();
		}
		finally {
			if (!owned) {
				channel.close();
			}
		}
	}

}
