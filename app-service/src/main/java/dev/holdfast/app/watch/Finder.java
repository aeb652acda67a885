package dev.holdfast.app.watch;

import org.jspecify.annotations.Nullable;

/**
 * Is told what is found in directories that are watched from now on.
 */
interface Finder {

	/** For those that are scanned anyway. */
	Finder NONE = (_, _, _) -> {
	};

	/**
	 * A file is there.
	 * @param former what its path was; {@code null} where that is not known
	 */
	void file(String path, long inode, @Nullable String former);

	/**
	 * A directory has been moved there, of which no event has told yet.
	 * @param former what its path was
	 */
	default void moved(String former) {
	}

}
