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

	/** A file that did not keep still. */
	BEING_WRITTEN,

	/** A file that vanished before it was read. */
	VANISHED,

	/** A file or directory that cannot be read. */
	UNREADABLE,

	/** A name that is no valid path of a media file. */
	REFUSED_NAME,

	/** A symbolic link, FIFO, socket or device. */
	NO_FILE,

	/** A file that is known and not there; nothing follows from that. */
	MISSING

}
