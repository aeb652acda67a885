package dev.holdfast.app.catalog;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

import dev.holdfast.model.Version;
import dev.holdfast.model.VolumeName;
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

	static final String OF_VOLUME = "SELECT name, files, bytes FROM totals WHERE volume IN (?, ?)";

	static final String OLDEST_OF_VOLUME = "SELECT version FROM files INDEXED BY files_waiting "
			+ "WHERE kind = 1 AND state <> 2 AND volume = ? ORDER BY version LIMIT 1";

	/** One look at the index for each volume. */
	static final String OLDEST = "SELECT min((SELECT version FROM files INDEXED BY files_waiting "
			+ "WHERE kind = 1 AND state <> 2 AND volume = one.volume ORDER BY version LIMIT 1)) AS oldest "
			+ "FROM (SELECT DISTINCT volume FROM totals) AS one HAVING oldest IS NOT NULL";

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
		session.each("SELECT name, files, bytes FROM totals", (row) -> add(counts, row));
		return of(session, counts, session.first(OLDEST, Totals::moment));
	}

	/**
	 * Reads those of one volume; what waits for Kafka and what could not be understood is
	 * of no volume, and so is that of all.
	 */
	static Totals ofVolume(Session session, VolumeName volume) throws SQLException {
		Map<Counter, Count> counts = new EnumMap<>(Counter.class);
		session.each(OF_VOLUME, (row) -> add(counts, row), volume.value(), Tx.NO_VOLUME);
		return of(session, counts, session.first(OLDEST_OF_VOLUME, Totals::moment, volume.value()));
	}

	private static void add(Map<Counter, Count> counts, ResultSet row) throws SQLException {
		counts.merge(Counter.ofColumn(row.getString(1)), new Count(row.getLong(2), row.getLong(3)), Count::plus);
	}

	private static Instant moment(ResultSet row) throws SQLException {
		return new Version(row.getLong(1)).moment();
	}

	private static Totals of(Session session, Map<Counter, Count> counts, Optional<Instant> oldest)
			throws SQLException {
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
