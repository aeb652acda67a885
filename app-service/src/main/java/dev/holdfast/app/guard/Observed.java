package dev.holdfast.app.guard;

/**
 * What became of a delete that was observed. Each has exactly one of these.
 */
public enum Observed {

	/** Recorded, and its event published. */
	RECORDED,

	/** Waits until a person has looked at it. */
	HELD,

	/**
	 * Is looked at for a moment longer, and becomes one of the others then.
	 */
	DELAYED,

	/**
	 * Only bytes that were rejected went with it: the file that was recorded is missing.
	 */
	MISSING,

	/** The file is there, or is there again. */
	PRESENT,

	/** Nothing is known of the file, or it is known as deleted. */
	UNKNOWN,

	/**
	 * The volume is not what it should be, so nothing follows from what is seen there.
	 */
	NOT_AVAILABLE

}
