package dev.holdfast.model;

/**
 * Why a replication did not succeed, and so what happens next. Each class has exactly one
 * retry layer.
 */
public enum FailureClass {

	/**
	 * The file changed or was replaced since the event: skipped, a later event covers it.
	 */
	SUPERSEDED,

	/** A passing fault: a few attempts in place, with exponential backoff and jitter. */
	TRANSIENT,

	/** Still failing after those: the delayed retry lane, for up to a day. */
	STUBBORN,

	/** The store or the volume is away: consumption pauses, no attempt is spent. */
	OUTAGE,

	/** Cannot succeed as it is: dead letter at once. */
	PERMANENT

}
