package dev.holdfast.app.migrate;

import java.io.IOException;

import dev.holdfast.app.volume.MountTable;

/**
 * Tells what is mounted where.
 */
@FunctionalInterface
interface Mounts {

	/**
	 * The mounts as they are now.
	 */
	MountTable table() throws IOException;

}
