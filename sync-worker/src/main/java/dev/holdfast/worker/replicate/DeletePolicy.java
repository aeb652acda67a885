package dev.holdfast.worker.replicate;

/**
 * What becomes of the replica of a media file that was deleted. Only a delete that is
 * proven comes so far; a file that is merely gone is missing, and its replica stays.
 */
public enum DeletePolicy {

	/** It stays where it is, and the ledger says that its file was deleted. */
	KEEP,

	/**
	 * It can be brought back: hidden behind a delete marker where the bucket is
	 * versioned, moved aside for the grace time where it is not.
	 */
	TRASH,

	/**
	 * It goes at once: hidden behind a delete marker where the bucket is versioned, gone
	 * for good where it is not.
	 */
	MIRROR

}
