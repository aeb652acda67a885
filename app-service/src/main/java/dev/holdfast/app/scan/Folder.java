package dev.holdfast.app.scan;

import java.io.IOException;
import java.nio.file.Path;

import dev.holdfast.app.catalog.FileStamp;
import dev.holdfast.app.volume.FileStat;

/**
 * An open directory on a volume. Symbolic links are not followed, but for the volume's
 * root. For one thread, and closed before the one it was opened from.
 */
interface Folder extends AutoCloseable {

	/**
	 * What a name stands for.
	 */
	record Seen(FileStat.Kind kind, FileStamp stamp) {

	}

	/**
	 * Opens the root of a volume: by Linux's own calls where there are any, else through
	 * the JDK.
	 */
	static Folder root(Path root) throws IOException {
		return LinuxFolder.isPossible() ? LinuxFolder.open(root) : new JdkFolder(root);
	}

	/**
	 * All names in it, sorted.
	 */
	Names names() throws IOException;

	/**
	 * What a name in it stands for.
	 * @param name holds it, from the offset on
	 * @throws java.nio.file.NoSuchFileException where there is nothing of that name
	 */
	Seen look(byte[] name, int offset, int length) throws IOException;

	/**
	 * Opens a directory in it.
	 * @throws java.nio.file.NoSuchFileException where there is nothing of that name
	 * @throws java.nio.file.NotDirectoryException where there is something else
	 */
	Folder open(byte[] name, int offset, int length) throws IOException;

	@Override
	void close() throws IOException;

}
