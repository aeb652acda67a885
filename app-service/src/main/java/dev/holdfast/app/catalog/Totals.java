package dev.holdfast.app.catalog;

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
		return of(session, counts,
				session.first("SELECT version FROM files WHERE kind = 1 AND state <> 2 ORDER BY version LIMIT 1",
						(row) -> new Version(row.getLong(1)).moment()));
	}

	/**
	 * Counts those of one volume, file by file; what waits for Kafka and what could not
	 * be understood is of no volume, and so is that of all.
	 */
	static Totals ofVolume(Session session, VolumeName volume) throws SQLException {
		Map<Counter, Count> counts = new EnumMap<>(Counter.class);
		session.each("SELECT kind, state, count(*), sum(size), count(missing), sum(iif(missing IS NULL, 0, size)), "
				+ "count(damaged), sum(iif(damaged IS NULL, 0, size)) FROM files INDEXED BY files_by_path "
				+ "WHERE volume = ? AND kind <> 0 GROUP BY kind, state", (row) -> {
					Counter counter = switch (Codes.kind(row.getInt(1))) {
						case STORED -> Counter.of(Codes.state(row.getInt(2)));
						case DELETED -> Counter.DELETED;
						case HEARD -> throw new IllegalArgumentException("Nothing is known of such a file");
					};
					counts.merge(counter, new Count(row.getLong(3), row.getLong(4)), Count::plus);
					counts.merge(Counter.MISSING, new Count(row.getLong(5), row.getLong(6)), Count::plus);
					counts.merge(Counter.DAMAGED, new Count(row.getLong(7), row.getLong(8)), Count::plus);
				}, volume.value());
		Totals all = read(session);
		counts.put(Counter.OUTBOX, new Count(all.outboxWaiting(), 0));
		counts.put(Counter.MALFORMED, new Count(all.malformed(), 0));
		return of(session, counts,
				session.first(
						"SELECT min(version) FROM files WHERE kind = 1 AND state <> 2 AND volume = ? "
								+ "HAVING count(*) > 0",
						(row) -> new Version(row.getLong(1)).moment(), volume.value()));
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
