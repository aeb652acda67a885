package dev.holdfast.broker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

import dev.holdfast.broker.BrokerStartException.Reason;
import org.jspecify.annotations.Nullable;

/**
 * Holds a data directory for one broker. Kafka has a lock of its own, but who meets it is
 * told so late and by a halt.
 */
final class DirectoryLock implements AutoCloseable {

	private final FileChannel channel;

	private DirectoryLock(FileChannel channel) {
		this.channel = channel;
	}

	static DirectoryLock acquire(Path directory) {
		FileChannel channel = open(directory);
		FileLock lock = tryLock(channel);
		if (lock == null) {
			closeQuietly(channel);
			throw new BrokerStartException(Reason.DIRECTORY_IN_USE,
					"Kafka data directory %s is in use by another broker: stop that one or choose another directory"
						.formatted(directory),
					null);
		}
		return new DirectoryLock(channel);
	}

	private static FileChannel open(Path directory) {
		try {
			Files.createDirectories(directory);
			return FileChannel.open(directory.resolve("broker.lock"), StandardOpenOption.CREATE,
					StandardOpenOption.WRITE);
		}
		catch (IOException ex) {
			throw new BrokerStartException(Reason.DIRECTORY_NOT_WRITABLE,
					"Kafka data directory %s cannot be written to (%s): make it writable or choose another"
						.formatted(directory, ex),
					ex);
		}
	}

	private static @Nullable FileLock tryLock(FileChannel channel) {
		try {
			return channel.tryLock();
		}
		catch (OverlappingFileLockException ex) {
			return null; // held by another broker of this JVM
		}
		catch (IOException ex) {
			closeQuietly(channel);
			throw new UncheckedIOException("Locking the Kafka data directory", ex);
		}
	}

	private static void closeQuietly(FileChannel channel) {
		try {
			channel.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException("Closing the lock of the Kafka data directory", ex);
		}
	}

	@Override
	public void close() {
		closeQuietly(this.channel);
	}

}
