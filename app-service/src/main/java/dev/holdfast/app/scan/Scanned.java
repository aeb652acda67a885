package dev.holdfast.app.scan;

/**
 * What a scan found out about a name on a volume. Each has exactly one of these, so the
 * counts of all but {@link #MISSING} together are the number of names seen.
 */
public enum Scanned {

	/** A file that is as it was recorded. */
	UNCHANGED,

	/**
	 * A file whose stamp was not known or differed, and whose bytes are those recorded.
	 */
	SAME_BYTES,

	/**
	 * A file that was not known, or had other bytes: recorded, and its event published.
	 */
	PUBLISHED,

	/** A file that did not keep still, or that a program has open for writing. */
	BEING_WRITTEN,

	/** A file with other bytes, which the guard does not let be recorded. */
	HELD_BACK,

	/** A file with other bytes, although nothing says that anyone has written to it. */
	DAMAGED,

	/** A file that vanished before it was read. */
	VANISHED,

	/** A file or directory that cannot be read. */
	UNREADABLE,

	/** A name that is no valid path of a media file. */
	REFUSED_NAME,

	/** A symbolic link, FIFO, socket or device. */
	NO_FILE,

	/** A file or directory that the volume's rules leave out. */
	EXCLUDED,

	/** A file that is known and not there; nothing follows from that. */
	MISSING

}
