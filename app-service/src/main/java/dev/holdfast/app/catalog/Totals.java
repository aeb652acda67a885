package dev.holdfast.app.catalog;

import java.sql.SQLException;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

import dev.holdfast.model.Version;
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

	/**
	 * Reads them, all of one moment.
	 */
	static Totals read(Session session) throws SQLException {
		Map<Counter, Count> counts = new EnumMap<>(Counter.class);
		for (Counter counter : Counter.values()) {
			session
				.first("SELECT files, bytes FROM totals WHERE name = ?",
						(row) -> new Count(row.getLong(1), row.getLong(2)), counter.column())
				.ifPresent((count) -> counts.put(counter, count));
		}
		Optional<Instant> oldest = session.first(
				"SELECT version FROM files WHERE kind = 1 AND state <> 2 ORDER BY version LIMIT 1",
				(row) -> new Version(row.getLong(1)).moment());
		OptionalLong outboxOldest = OutboxTable.oldest(session);
		return new Totals(count(counts, Counter.REPLICATED), count(counts, Counter.PENDING),
				count(counts, Counter.RETRYING), count(counts, Counter.DEAD_LETTERED),
				count(counts, Counter.DELETED).files(), oldest.orElse(null), count(counts, Counter.OUTBOX).files(),
				outboxOldest.isPresent() ? Instant.ofEpochMilli(outboxOldest.getAsLong()) : null,
				count(counts, Counter.MALFORMED).files(), count(counts, Counter.MISSING),
				count(counts, Counter.DAMAGED));
	}

	private static Count count(Map<Counter, Count> counts, Counter counter) {
		return counts.getOrDefault(counter, new Count(0, 0));
	}

}
