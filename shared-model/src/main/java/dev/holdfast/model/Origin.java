package dev.holdfast.model;

/**
 * How Holdfast came to know of a media file.
 */
public enum Origin {

	/** Uploaded through the API. */
	UPLOAD,

	/** Seen by the watcher. */
	WATCH,

	/** Found by a scan. */
	SCAN,

	/** Brought in from another folder. */
	MIGRATE,

	/** Brought back from a store. */
	RESTORE

}
