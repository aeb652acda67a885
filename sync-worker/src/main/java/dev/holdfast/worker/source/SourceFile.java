package dev.holdfast.worker.source;

import dev.holdfast.worker.store.ContentSource;

/**
 * A media file that was opened for replication. To be closed by whoever opened it.
 */
public interface SourceFile extends AutoCloseable {

	/**
	 * Its length in bytes when it was opened.
	 */
	long size();

	/**
	 * All of its bytes, read once. For files that are small enough to be held in memory:
	 * the bytes that are hashed are then the bytes that are sent.
	 * @throws SourceException where reading fails
	 */
	byte[] readAll() throws SourceException, InterruptedException;

	/**
	 * Its bytes, for files of any size.
	 */
	ContentSource content();

	/**
	 * Whether the file is, by size, times and inode, still the one that was opened.
	 * @throws SourceException where that cannot be found out
	 */
	boolean unchanged() throws SourceException, InterruptedException;

	@Override
	void close();

}
