package dev.holdfast.app.migrate;

import java.util.Locale;

/**
 * What became of a name in the source folder. Each has exactly one of these.
 */
public enum Outcome {

	/** It is on the volume now; in a dry run, it would be. */
	COPIED(false),

	/** It was on the volume already, with the same bytes. */
	IDENTICAL(false),

	/**
	 * The volume has another file of that name, or has lost one; both are as they were.
	 */
	CONFLICT(true),

	/** A directory or a link is in the way on the volume. */
	IN_THE_WAY(true),

	/** Someone is writing to it or to the one on the volume, or was a moment ago. */
	BEING_WRITTEN(true),

	/** It cannot be read, or the file of that name on the volume cannot. */
	UNREADABLE(true),

	/** A symbolic link: not followed. */
	SYMBOLIC_LINK(true),

	/**
	 * A volume, the data directory or where the copies are put: nothing below it was
	 * looked at.
	 */
	OWN_DIRECTORY(true),

	/** A name that no media file can have. */
	REFUSED_NAME(true),

	/** A pipe, socket or device: holds nothing. */
	SPECIAL(false),

	/** The profile of the volume passes it over. */
	EXCLUDED(false),

	/** It went away meanwhile. */
	VANISHED(false),

	/** Cleanup: the source is gone; in a dry run, it would be. */
	REMOVED(false),

	/** Cleanup: the volume has no copy of it, so the source stays. */
	NOT_MIGRATED(true),

	/** Cleanup: the copy is not in the store, so the source stays. */
	NOT_REPLICATED(true);

	private final boolean left;

	Outcome(boolean left) {
		this.left = left;
	}

	/**
	 * Whether a person has to look at it.
	 */
	public boolean isLeft() {
		return this.left;
	}

	/**
	 * As the API writes it.
	 */
	public String text() {
		return name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

}
