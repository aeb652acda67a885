package dev.holdfast.app.volume;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * File operations that are on disk when they return, and that follow no symbolic link in
 * the last part of a path.
 */
public final class DurableFiles {

	private DurableFiles() {
	}

	/**
	 * Writes a small file that only its owner may read, whole or not at all.
	 * @throws IOException where it cannot be written; what was there before is still
	 * there then
	 */
	public static void writePrivate(Path file, byte[] content) throws IOException {
		write(file, content, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
	}

	static void write(Path file, byte[] content, FileAttribute<?>... attributes) throws IOException {
		Path directory = parentOf(file);
		Path temporary = directory.resolve(file.getFileName() + ".new");
		Files.deleteIfExists(temporary);
		Files.createFile(temporary, attributes);
		try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
			ByteBuffer buffer = ByteBuffer.wrap(content);
			while (buffer.hasRemaining()) {
				channel.write(buffer);
			}
			channel.force(true);
		}
		Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
		syncDirectory(directory);
	}

	/**
	 * Makes a directory where there is none.
	 * @throws FileSystemException where something else, a symbolic link included, has
	 * that name
	 */
	static void ensureDirectory(Path directory) throws IOException {
		if (!Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
			Files.createDirectory(directory);
			syncDirectory(parentOf(directory));
		}
		else if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
			throw new FileSystemException(directory.toString(), null, "is not a directory");
		}
	}

	/**
	 * Makes names that appeared in or vanished from a directory durable.
	 */
	static void syncDirectory(Path directory) throws IOException {
		try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
			channel.force(true);
		}
	}

	private static Path parentOf(Path path) throws IOException {
		Path parent = path.toAbsolutePath().getParent();
		if (parent == null) {
			throw new FileSystemException(path.toString(), null, "has no parent directory");
		}
		return parent;
	}

}
