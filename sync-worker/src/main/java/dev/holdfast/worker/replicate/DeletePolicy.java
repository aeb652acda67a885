package dev.holdfast.worker.replicate;

/**
 * What becomes of a replica when its media file was deleted.
 */
public enum DeletePolicy {

	/**
	 * Hidden behind a delete marker, on a bucket that is versioned; kept on one that is
	 * not.
	 */
	DELETE_MARKER,

	/** Kept. */
	KEEP

}
