package dev.holdfast.app.volume;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

import dev.holdfast.model.VolumeName;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lock of the one process that has a volume. It is the operating system's, so it does
 * not outlive the process.
 */
final class VolumeLock {

	private static final Logger LOG = LoggerFactory.getLogger(VolumeLock.class);

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

	/**
	 * Gives the lock of a volume back, as far as that can be done: a network mount that
	 * is gone takes nothing back. The volume is given up all the same, and who asks for
	 * its state wants to know just that: so it is said, once for each time the volume was
	 * taken, and not thrown.
	 */
	static void giveBack(Closeable lock, VolumeName name) {
		try {
			lock.close();
		}
		catch (IOException ex) {
			// Whoever gives a volume up has no other use for its lock.
			LOG.atWarn()
				.addKeyValue("volume", name)
				.addKeyValue("reason", ex.toString())
				.log("Lock of the volume not given back: another app-service may have to wait until this one ends");
		}
	}

}
