package dev.holdfast.app.catalog;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * Counts of one moment. Every known file is in exactly one of the four states, so
 * {@code known = replicated + pending + retrying + deadLettered}, in files and in bytes.
 *
 * @param replicated files whose latest version is in the store
 * @param pending files whose latest version has not been reported on
 * @param retrying files whose next attempt is due later
 * @param deadLettered files that no more attempts are made for until a person redrives
 * them
 * @param deleted how many files were deleted; not part of the known ones
 * @param oldestUnreplicated when the oldest version that is not replicated was stored
 * @param outboxWaiting how many events Kafka has yet to acknowledge
 * @param outboxOldest when the oldest of them was recorded
 * @param malformed how many records on the topics could not be understood
 * @param missing known files that a scan found absent
 * @param damaged known files in which a scan found other bytes
 */
public record Totals(Count replicated, Count pending, Count retrying, Count deadLettered, long deleted,
		@Nullable Instant oldestUnreplicated, long outboxWaiting, @Nullable Instant outboxOldest, long malformed,
		Count missing, Count damaged) {

	/**
	 * A number of files and of the bytes in them.
	 *
	 * @param files how many files
	 * @param bytes their size together
	 */
	public record Count(long files, long bytes) {

		Count plus(Count other) {
			return new Count(this.files + other.files, this.bytes + other.bytes);
		}

	}

	/**
	 * All files that are not deleted.
	 */
	public Count known() {
		return this.replicated.plus(this.pending).plus(this.retrying).plus(this.deadLettered);
	}

}
