package dev.holdfast.app.migrate;

import java.io.IOException;

import dev.holdfast.app.volume.FileStat;

/**
 * What is done with each name of a source folder.
 */
interface Work {

	/**
	 * Deals with one file.
	 * @param path relative to the source folder, and a path that a media file can have
	 * @throws IOException where the volume fails, which ends the migration
	 */
	Result file(String path) throws IOException;

	/**
	 * Deals with a directory, before what is in it.
	 * @param path relative to the source folder, or the empty string for itself
	 * @param stat what the file system says of it
	 * @throws IOException where the volume fails, which ends the migration
	 */
	void directory(String path, FileStat stat) throws IOException;

}
