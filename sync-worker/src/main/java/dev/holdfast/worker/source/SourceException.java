package dev.holdfast.worker.source;

import dev.holdfast.model.VolumeName;
import org.jspecify.annotations.Nullable;

/**
 * A media file could not be read. Says what was tried, why it failed and what a person
 * can do about it.
 */
public final class SourceException extends Exception {

	/** What kind of failure it was; this alone decides what the caller does next. */
	public enum Kind {

		/** The volume is there, the file is not. */
		MISSING,

		/** The file is there, with other bytes than the event says. */
		CHANGED,

		/**
		 * The file is there and can never be read as it is: no permission, no regular
		 * file, or reached through a symbolic link.
		 */
		UNREADABLE,

		/** The volume is not there, or not the one it should be. */
		VOLUME_AWAY,

		/** A passing fault while reading. */
		TRANSIENT

	}

	private final Kind kind;

	private final VolumeName volume;

	/**
	 * A failure to read.
	 * @param kind what kind it was
	 * @param volume the volume it happened on
	 * @param message the operation, the object, and what a person can do
	 */
	public SourceException(Kind kind, VolumeName volume, String message, @Nullable Throwable cause) {
		super(message, cause);
		this.kind = kind;
		this.volume = volume;
	}

	public Kind kind() {
		return this.kind;
	}

	/**
	 * The volume it happened on.
	 */
	public VolumeName volume() {
		return this.volume;
	}

}
