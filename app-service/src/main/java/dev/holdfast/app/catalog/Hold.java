package dev.holdfast.app.catalog;

import java.time.Instant;

import dev.holdfast.model.VolumeName;

/**
 * Changes of a volume wait for a person.
 *
 * @param volume the volume
 * @param kind which changes wait
 * @param since since when
 * @param reason what was seen, for people
 * @param lastGood the moment before the first of the changes that led to it
 */
public record Hold(VolumeName volume, Kind kind, Instant since, String reason, Moment lastGood) {

	/** Which changes wait. */
	public enum Kind {

		/** Deletes; overwrites go on. */
		DELETES,

		/** Deletes and overwrites. */
		CHANGES

	}

}
