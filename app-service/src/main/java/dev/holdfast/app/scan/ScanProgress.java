package dev.holdfast.app.scan;

import org.jspecify.annotations.Nullable;

/**
 * How far a scan has come. First it walks; from then on it is known how much there is to
 * read, and how long that will take.
 *
 * @param phase what it is doing
 * @param seen how many names the walk has come to
 * @param filesToRead how many files have to be read, those done included
 * @param bytesToRead how many bytes they have
 * @param filesRead how many of them are done
 * @param bytesRead how many bytes those have
 * @param filesPerSecond how many are done in a second
 * @param bytesPerSecond how many bytes those have
 * @param secondsLeft how long it will go on at this rate, {@code null} where that cannot
 * be told yet
 */
public record ScanProgress(Phase phase, long seen, long filesToRead, long bytesToRead, long filesRead, long bytesRead,
		double filesPerSecond, double bytesPerSecond, @Nullable Long secondsLeft) {

	/** What a scan is doing. */
	public enum Phase {

		/** Waits for its turn, or until the topics are read. */
		WAITING,

		/** Compares names and stat data. */
		WALKING,

		/** Reads the files that differ, the newest first. */
		READING,

		/** Over. */
		DONE

	}

}
