package dev.holdfast.app.scan;

import dev.holdfast.model.MediaId;

/**
 * Knows of files that were seen to be created and have not been closed since, and of
 * which the system does not tell whether they are open: no time tells a scan that such a
 * file is finished.
 */
@FunctionalInterface
public interface UnclosedFiles {

	/** Nothing is known. */
	UnclosedFiles NONE = (_) -> false;

	/**
	 * Whether this is one of them, which is looked at again when it is closed.
	 */
	boolean isLeftToItsWriter(MediaId id);

}
