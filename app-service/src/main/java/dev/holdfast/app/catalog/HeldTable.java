package dev.holdfast.app.catalog;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import dev.holdfast.model.Digest;
import dev.holdfast.model.MediaId;
import dev.holdfast.model.VolumeName;
import org.jspecify.annotations.Nullable;

/**
 * The changes that wait, one at most for each file.
 */
final class HeldTable {

	private static final String SELECT = "SELECT files.volume, files.path, held.kind, held.state, held.at, "
			+ "held.stamp_size, held.stamp_modified, held.stamp_changed, held.stamp_inode, held.digest, held.file, held.seq FROM held "
			+ "JOIN files ON files.id = held.file ";

	private HeldTable() {
	}

	/**
	 * Lets a change wait. One that waits already, with these very bytes, keeps its place:
	 * it is the same change.
	 */
	static void write(Tx tx, MediaId id, ChangeKind kind, Instant at, @Nullable FileStamp stamp,
			@Nullable Digest digest) throws SQLException {
		Optional<FileRow> row = FileTable.row(tx.session(), id);
		if (row.isEmpty()) {
			return;
		}
		byte @Nullable [] bytes = (digest == null) ? null : digest.bytes();
		if (tx.session()
			.number("SELECT count(*) FROM held WHERE file = ? AND state = 0 AND kind = ? AND digest IS ?",
					row.get().key(), Codes.of(kind), bytes) == 0) {
			tx.session()
				.update("INSERT OR REPLACE INTO held (file, volume, kind, state, at, digest) VALUES (?, ?, ?, 0, ?, ?)",
						row.get().key(), id.volume().value(), Codes.of(kind), at.toEpochMilli(), bytes);
		}
		if (stamp != null) {
			writeStamp(tx, row.get().key(), stamp);
		}
		if (kind == ChangeKind.DELETE && row.get().kind() == FileRow.Kind.STORED) {
			// It is gone now, whatever is said of that later: what its directory does is
			// no further evidence.
			FileTable.writeMissing(tx, id.volume(), row.get(), at.toEpochMilli());
		}
	}

	/**
	 * The file has these bytes, which were rejected, and this stamp by now.
	 */
	static void writeRejected(Tx tx, VolumeName volume, long file, Instant at, FileStamp stamp, Digest digest)
			throws SQLException {
		if (tx.session().update("UPDATE held SET digest = ? WHERE file = ? AND state = 2", digest.bytes(), file) == 0) {
			tx.session()
				.update("INSERT OR REPLACE INTO held (file, volume, kind, state, at, digest) VALUES (?, ?, ?, 2, ?, ?)",
						file, volume.value(), Codes.of(ChangeKind.OVERWRITE), at.toEpochMilli(), digest.bytes());
		}
		tx.session()
			.update("INSERT OR IGNORE INTO rejected (file, digest, volume) VALUES (?, ?, ?)", file, digest.bytes(),
					volume.value());
		writeStamp(tx, file, stamp);
	}

	/**
	 * What waited of the file, or was rejected, is not on the volume any more. Rejected
	 * bytes are remembered all the same, where it is known which they were.
	 */
	static void forget(Tx tx, long file) throws SQLException {
		tx.session().update("DELETE FROM held WHERE file = ? AND NOT (state = 2 AND digest IS NULL)", file);
	}

	private static void writeStamp(Tx tx, long file, FileStamp stamp) throws SQLException {
		tx.session()
			.update("UPDATE held SET stamp_size = ?, stamp_modified = ?, stamp_changed = ?, stamp_inode = ? "
					+ "WHERE file = ?", stamp.size(), stamp.modifiedNanos(), stamp.changedNanos(), stamp.inode(), file);
	}

	/**
	 * Whatever waited has been overtaken by what is known of the file now.
	 */
	static void settle(Tx tx, long file) throws SQLException {
		tx.session().update("DELETE FROM held WHERE file = ?", file);
		tx.session().update("DELETE FROM rejected WHERE file = ?", file);
	}

	/** A later change of the file, which nobody has approved, goes on waiting. */
	static void dropApproved(Tx tx, MediaId id) throws SQLException {
		Optional<FileRow> row = FileTable.row(tx.session(), id);
		if (row.isPresent()) {
			tx.session().update("DELETE FROM held WHERE file = ? AND state = 1", row.get().key());
		}
	}

	/**
	 * Approves what waits and was held up to then.
	 */
	static Decided approve(Tx tx, VolumeName volume, long asOf) throws SQLException {
		String approve = "UPDATE held SET state = 1 WHERE volume = ? AND state = 0 AND kind = ? AND seq <= ?";
		int deletes = tx.session().update(approve, volume.value(), Codes.of(ChangeKind.DELETE), asOf);
		int overwrites = tx.session().update(approve, volume.value(), Codes.of(ChangeKind.OVERWRITE), asOf);
		return new Decided(deletes, overwrites, counts(tx.session(), volume));
	}

	/**
	 * Rejects what waits and was held up to then. Deletes are forgotten: their files are
	 * missing, and have been since they were held. The bytes of overwrites are
	 * remembered, so that no scan takes them for new.
	 */
	static Decided reject(Tx tx, VolumeName volume, long asOf) throws SQLException {
		tx.session()
			.update("INSERT OR IGNORE INTO rejected (file, digest, volume) SELECT file, digest, volume FROM held "
					+ "WHERE volume = ? AND state = 0 AND kind = 2 AND seq <= ? AND digest IS NOT NULL", volume.value(),
					asOf);
		int deletes = tx.session()
			.update("DELETE FROM held WHERE volume = ? AND state = 0 AND kind = 1 AND seq <= ?", volume.value(), asOf);
		int overwrites = tx.session()
			.update("UPDATE held SET state = 2 WHERE volume = ? AND state = 0 AND kind = 2 AND seq <= ?",
					volume.value(), asOf);
		return new Decided(deletes, overwrites, counts(tx.session(), volume));
	}

	static Optional<HeldFile> find(Session session, MediaId id) throws SQLException {
		return session.first(SELECT + "WHERE files.volume = ? AND files.path = ?", HeldTable::read, id.volume().value(),
				id.path());
	}

	static Optional<HeldFile> find(Session session, long file) throws SQLException {
		return session.first(SELECT + "WHERE held.file = ?", HeldTable::read, file);
	}

	static HeldCounts counts(Session session, @Nullable VolumeName volume) throws SQLException {
		long[] counts = new long[4];
		Session.RowTaker taker = (row) -> add(counts, row);
		if (volume == null) {
			session.each("SELECT state, kind, count(*) FROM held GROUP BY volume, state, kind", taker);
		}
		else {
			session.each("SELECT state, kind, count(*) FROM held WHERE volume = ? GROUP BY state, kind", taker,
					volume.value());
		}
		return new HeldCounts(counts[0], counts[1], counts[2], counts[3]);
	}

	/**
	 * What is held of a volume, counted in one statement with its end.
	 * @param asOf only of what was held up to then
	 */
	static HeldNow now(Session session, VolumeName volume, long asOf) throws SQLException {
		long[] counts = new long[4];
		long[] last = new long[1];
		session.each(
				"SELECT state, kind, count(*), max(seq) FROM held WHERE volume = ? AND seq <= ? GROUP BY state, kind",
				(row) -> {
					add(counts, row);
					if (row.getInt(1) == 0) {
						last[0] = Math.max(last[0], row.getLong(4));
					}
				}, volume.value(), asOf);
		@Nullable Instant latest = session
			.first("SELECT at FROM held WHERE seq = ?", (row) -> Instant.ofEpochMilli(row.getLong(1)), last[0])
			.orElse(null);
		return new HeldNow(new HeldCounts(counts[0], counts[1], counts[2], counts[3]), last[0], latest);
	}

	private static void add(long[] counts, ResultSet row) throws SQLException {
		int state = row.getInt(1);
		counts[(state != 0) ? state + 1 : row.getInt(2) - 1] += row.getLong(3);
	}

	static List<HeldFile> list(Session session, VolumeName volume, HeldFile.State state, ChangeKind kind, long after,
			int limit) throws SQLException {
		List<HeldFile> found = new ArrayList<>();
		session.each(
				SELECT + "WHERE held.volume = ? AND held.state = ? AND held.kind = ? AND held.file > ? "
						+ "ORDER BY held.file LIMIT ?",
				(row) -> found.add(read(row)), volume.value(), Codes.of(state), Codes.of(kind), after, limit);
		return found;
	}

	private static HeldFile read(ResultSet row) throws SQLException {
		long size = row.getLong(6);
		@Nullable FileStamp stamp = row.wasNull() ? null : new FileStamp(size, row.getLong(7), row.getLong(8), row.getLong(9));
		byte[] digest = row.getBytes(10);
		return new HeldFile(MediaId.of(row.getString(1), row.getString(2)), Codes.change(row.getInt(3)),
				Codes.held(row.getInt(4)), Instant.ofEpochMilli(row.getLong(5)), stamp,
				(digest == null) ? null : Digest.ofSha256(digest), row.getLong(11), row.getLong(12));
	}

}
