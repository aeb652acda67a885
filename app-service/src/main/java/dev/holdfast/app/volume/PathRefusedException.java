package dev.holdfast.app.volume;

import java.io.IOException;

/**
 * What is on the volume does not let a media file be at this path.
 */
public final class PathRefusedException extends IOException {

	private final Kind kind;

	PathRefusedException(Kind kind, String message) {
		super(message);
		this.kind = kind;
	}

	/**
	 * What is wrong.
	 */
	public Kind kind() {
		return this.kind;
	}

	/** What is wrong with the path. */
	public enum Kind {

		/** A symbolic link is on it, which is never followed. */
		SYMBOLIC_LINK,

		/**
		 * A directory, FIFO or the like has the file's name, or a file has a directory's.
		 */
		IN_THE_WAY

	}

}
