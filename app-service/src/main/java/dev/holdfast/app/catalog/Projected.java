package dev.holdfast.app.catalog;

/**
 * What became of a record that the projection read. Each has exactly one of these, so the
 * counts of all of them together are the number of records read.
 */
public enum Projected {

	/** An event that this catalog had not known: it is the file's latest now. */
	APPLIED,

	/** An event of our own, back from the log. */
	OWN,

	/** An event or report about a version older than the latest. */
	STALE,

	/** An event that was read before. */
	DUPLICATE,

	/**
	 * An event of a higher version than our own later one: ours was given a still higher
	 * one.
	 */
	OVERTAKEN,

	/** A report of a store. */
	REPORTED,

	/** An event that is not about one file. */
	OTHER,

	/** Not understood. */
	MALFORMED

}
