package dev.holdfast.standalone;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The directory that holds everything an instance keeps, locked for that one instance.
 * The lock is the operating system's, so that it does not outlive the process.
 */
final class DataDirectory implements AutoCloseable {

	private final Path path;

	private final FileChannel lock;

	private DataDirectory(Path path, FileChannel lock) {
		this.path = path;
		this.lock = lock;
	}

	/**
	 * Creates the directory where it is missing, and takes it.
	 * @throws HoldfastException where it is not writable or somebody else has it
	 */
	static DataDirectory open(Path directory) {
		Path path = directory.toAbsolutePath().normalize();
		FileChannel channel = openLockFile(path);
		if (!isLocked(channel, path)) {
			closeQuietly(channel);
			throw new HoldfastException(ExitCode.ALREADY_RUNNING,
					"Data directory %s is held by another running instance: stop that one (Ctrl-C), or choose another directory with --data"
						.formatted(path));
		}
		return new DataDirectory(path, channel);
	}

	private static FileChannel openLockFile(Path path) {
		try {
			OwnerOnly.createDirectories(path);
			return FileChannel.open(path.resolve("holdfast.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
		}
		catch (IOException ex) {
			throw new HoldfastException(ExitCode.NOT_WRITABLE,
					"Data directory %s cannot be written to (%s): make it writable, or choose another with --data"
						.formatted(path, ex),
					ex);
		}
	}

	private static boolean isLocked(FileChannel channel, Path path) {
		try {
			return channel.tryLock() != null;
		}
		catch (OverlappingFileLockException ex) {
			return false; // by another instance in this JVM
		}
		catch (IOException ex) {
			throw new HoldfastException(ExitCode.NOT_WRITABLE,
					"Data directory %s cannot be locked (%s): choose one on a local disk with --data".formatted(path,
							ex),
					ex);
		}
	}

	Path path() {
		return this.path;
	}

	Path kafka() {
		return this.path.resolve("kafka");
	}

	Path s3() {
		return this.path.resolve("s3");
	}

	Path app() {
		return this.path.resolve("app-service");
	}

	Path worker() {
		return this.path.resolve("sync-worker");
	}

	Path defaultVolume() {
		return this.path.resolve("volumes").resolve("media");
	}

	Path log() {
		return this.path.resolve("logs").resolve("holdfast.log");
	}

	Path secrets() {
		return this.path.resolve("secrets.properties");
	}

	Path ports() {
		return this.path.resolve("ports.properties");
	}

	/**
	 * Where the file for scripts is, of an instance with this data directory.
	 */
	static Path connectionFile(Path directory) {
		return directory.resolve("connection.json");
	}

	@Override
	public void close() {
		closeQuietly(this.lock);
	}

	private static void closeQuietly(FileChannel channel) {
		try {
			channel.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException("Closing the lock of the data directory", ex);
		}
	}

}
