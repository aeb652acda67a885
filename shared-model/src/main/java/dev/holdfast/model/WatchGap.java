package dev.holdfast.model;

import java.nio.charset.StandardCharsets;
import java.time.Instant;

/**
 * Changes below a directory may have been missed between two moments. No file was lost by
 * that alone: the scan that follows publishes what it finds, and this says what it found.
 *
 * @param volume the volume
 * @param subtree the directory relative to the volume's root, empty for all of it
 * @param version orders the gaps of this directory
 * @param from when watching was last known to be whole
 * @param until when the scan had closed the gap
 * @param reason why events may have been missed
 * @param scanned how many files the scan looked at
 * @param changed how many of them had changed unseen
 */
public record WatchGap(VolumeName volume, String subtree, Version version, Instant from, Instant until, Reason reason,
		long scanned, long changed) implements MediaEvent {

	/** Why events may have been missed. */
	public enum Reason {

		/** Nothing was watching: Holdfast had been stopped. */
		NOT_RUNNING,

		/** The kernel dropped events. */
		OVERFLOW,

		/** A watch could not be placed or was lost. */
		WATCH_LOST,

		/** A directory appeared with files already in it. */
		NEW_DIRECTORY

	}

	/**
	 * Checks the parts that types do not.
	 * @throws IllegalArgumentException where a count is negative or the times are out of
	 * order
	 */
	public WatchGap {
		if (!subtree.isEmpty()) {
			new MediaId(volume, subtree);
		}
		if (scanned < 0 || changed < 0) {
			throw new IllegalArgumentException("A gap counts files, " + Math.min(scanned, changed) + " is negative");
		}
		from = WireTime.of(from);
		until = WireTime.of(until);
		if (until.isBefore(from)) {
			throw new IllegalArgumentException("A gap cannot end at " + until + " before it began at " + from);
		}
	}

	/**
	 * Ends with a slash, as the key of no media file does.
	 */
	@Override
	public byte[] key() {
		String directory = this.subtree.isEmpty() ? "" : this.subtree + "/";
		return (this.volume + "/" + directory).getBytes(StandardCharsets.UTF_8);
	}

}
