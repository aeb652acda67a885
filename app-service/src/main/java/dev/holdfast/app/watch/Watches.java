package dev.holdfast.app.watch;

import java.nio.file.Path;

import dev.holdfast.app.linux.Inotify;
import dev.holdfast.app.linux.LinuxException;

/**
 * Where watches are placed.
 */
interface Watches {

	/**
	 * Watches a directory.
	 * @return the watch, the same as before where it is watched already
	 */
	int watch(Path directory) throws LinuxException;

	/**
	 * Ends a watch.
	 */
	void unwatch(int watch) throws LinuxException;

	/**
	 * The watches of a descriptor.
	 */
	static Watches of(Inotify inotify) {
		return new Watches() {

			@Override
			public int watch(Path directory) throws LinuxException {
				return inotify.watch(directory);
			}

			@Override
			public void unwatch(int watch) throws LinuxException {
				inotify.unwatch(watch);
			}

		};
	}

}
