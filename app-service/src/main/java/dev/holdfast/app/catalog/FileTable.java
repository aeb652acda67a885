package dev.holdfast.app.catalog;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;

import dev.holdfast.model.Digest;
import dev.holdfast.model.Evidence;
import dev.holdfast.model.MediaDeleted;
import dev.holdfast.model.MediaEvent;
import dev.holdfast.model.MediaId;
import dev.holdfast.model.MediaStored;
import dev.holdfast.model.Origin;
import dev.holdfast.model.Version;
import dev.holdfast.model.VolumeName;
import org.jspecify.annotations.Nullable;

/**
 * The latest event of every file. Each change of a row brings the totals along.
 */
final class FileTable {

	private static final String COLUMNS = "version, kind, size, digest, content_type, modified, owner, mode, origin, "
			+ "evidence, stamp_size, stamp_modified, stamp_changed, stamp_inode, missing, damaged";

	/** What a status needs. */
	static final String STATUS_COLUMNS = "id, state, seen, volume, path, " + COLUMNS;

	private FileTable() {
	}

	static Optional<FileRow> row(Session session, MediaId id) throws SQLException {
		return session.first("SELECT id, kind, version, state, seen, size, missing IS NOT NULL, damaged IS NOT NULL "
				+ "FROM files WHERE volume = ? AND path = ?", FileTable::row, id.volume().value(), id.path());
	}

	static FileRow row(ResultSet row) throws SQLException {
		return new FileRow(row.getLong(1), Codes.kind(row.getInt(2)), new Version(row.getLong(3)),
				Codes.state(row.getInt(4)), row.getInt(5) == 1, row.getLong(6), row.getInt(7) == 1, row.getInt(8) == 1);
	}

	/**
	 * The latest event, unless only the ledger has mentioned the file.
	 */
	static Optional<CatalogEntry> entry(Session session, MediaId id) throws SQLException {
		return session.first("SELECT " + COLUMNS + " FROM files WHERE volume = ? AND path = ? AND kind <> 0",
				(row) -> entry(id, row), id.volume().value(), id.path());
	}

	static CatalogEntry entry(MediaId id, ResultSet row) throws SQLException {
		Version version = new Version(row.getLong("version"));
		return switch (Codes.kind(row.getInt("kind"))) {
			case STORED -> new CatalogEntry(stored(id, version, row), stamp(row), missing(row), damaged(row));
			case DELETED -> new CatalogEntry(
					new MediaDeleted(id, version, Codes.constant(Evidence.class, row.getString("evidence"))), null,
					null, null);
			case HEARD -> throw new IllegalArgumentException("Nothing is known of " + id + " but its ledger");
		};
	}

	private static MediaStored stored(MediaId id, Version version, ResultSet row) throws SQLException {
		@Nullable Integer mode = row.getInt("mode");
		if (row.wasNull()) {
			mode = null;
		}
		return new MediaStored(id, version, row.getLong("size"), Digest.ofSha256(row.getBytes("digest")),
				row.getString("content_type"), Instant.ofEpochMilli(row.getLong("modified")), row.getString("owner"),
				mode, Codes.constant(Origin.class, row.getString("origin")));
	}

	private static @Nullable Instant missing(ResultSet row) throws SQLException {
		long millis = row.getLong("missing");
		return row.wasNull() ? null : Instant.ofEpochMilli(millis);
	}

	private static @Nullable Digest damaged(ResultSet row) throws SQLException {
		byte[] digest = row.getBytes("damaged");
		return (digest == null) ? null : Digest.ofSha256(digest);
	}

	private static @Nullable FileStamp stamp(ResultSet row) throws SQLException {
		long size = row.getLong("stamp_size");
		return row.wasNull() ? null : new FileStamp(size, row.getLong("stamp_modified"), row.getLong("stamp_changed"),
				row.getLong("stamp_inode"));
	}

	/**
	 * Makes this the latest event of its file.
	 * @param before the file's row so far
	 * @return the row's key
	 */
	static long write(Tx tx, @Nullable FileRow before, MediaEvent.OfFile event, @Nullable FileStamp stamp,
			ReplicaState state, boolean seen) throws SQLException {
		if (before != null) {
			VolumeName volume = event.volume();
			count(tx, volume, before.kind(), before.state(), before.size(), -1);
			countFound(tx, volume, before);
			countMended(tx, volume, before);
		}
		long key = switch (event) {
			case MediaStored stored -> writeStored(tx, before, stored, stamp, state, seen);
			case MediaDeleted deleted -> writeDeleted(tx, before, deleted, state, seen);
		};
		if (before != null) {
			HeldTable.settle(tx, key);
		}
		tx.changed(event.id());
		return key;
	}

	private static long writeStored(Tx tx, @Nullable FileRow before, MediaStored stored, @Nullable FileStamp stamp,
			ReplicaState state, boolean seen) throws SQLException {
		count(tx, stored.volume(), FileRow.Kind.STORED, state, stored.size(), 1);
		long key = (before != null) ? before.key() : insert(tx, stored.id());
		tx.session()
			.update("UPDATE files SET kind = 1, version = ?, state = ?, seen = ?, size = ?, digest = ?, "
					+ "content_type = ?, modified = ?, owner = ?, mode = ?, origin = ?, evidence = NULL, "
					+ "missing = NULL, damaged = NULL, stamp_size = ?, stamp_modified = ?, stamp_changed = ?, stamp_inode = ? WHERE id = ?",
					stored.version().value(), Codes.of(state), seen ? 1 : 0, stored.size(), stored.digest().bytes(),
					stored.contentType(), stored.modified().toEpochMilli(), stored.owner(), stored.mode(),
					Codes.word(stored.origin()), (stamp == null) ? null : stamp.size(),
					(stamp == null) ? null : stamp.modifiedNanos(), (stamp == null) ? null : stamp.changedNanos(),
					(stamp == null) ? null : stamp.inode(), key);
		return key;
	}

	private static long writeDeleted(Tx tx, @Nullable FileRow before, MediaDeleted deleted, ReplicaState state,
			boolean seen) throws SQLException {
		count(tx, deleted.volume(), FileRow.Kind.DELETED, state, 0, 1);
		long key = (before != null) ? before.key() : insert(tx, deleted.id());
		tx.session()
			.update("UPDATE files SET kind = 2, version = ?, state = ?, seen = ?, size = 0, digest = NULL, "
					+ "content_type = NULL, modified = NULL, owner = NULL, mode = NULL, origin = NULL, evidence = ?, "
					+ "missing = NULL, damaged = NULL, "
					+ "stamp_size = NULL, stamp_modified = NULL, stamp_changed = NULL, stamp_inode = NULL WHERE id = ?",
					deleted.version().value(), Codes.of(state), seen ? 1 : 0, Codes.word(deleted.evidence()), key);
		return key;
	}

	/**
	 * A row of which nothing is known yet.
	 * @return its key
	 */
	static long insert(Tx tx, MediaId id) throws SQLException {
		return tx.session()
			.insert("INSERT INTO files (volume, path, kind, version, state, seen, size) VALUES (?, ?, 0, 0, 0, 0, 0)",
					id.volume().value(), id.path());
	}

	static void writeState(Tx tx, MediaId id, FileRow row, ReplicaState state) throws SQLException {
		if (row.state() == state || row.kind() == FileRow.Kind.HEARD) {
			return;
		}
		count(tx, id.volume(), row.kind(), row.state(), row.size(), -1);
		count(tx, id.volume(), row.kind(), state, row.size(), 1);
		tx.session().update("UPDATE files SET state = ? WHERE id = ?", Codes.of(state), row.key());
		tx.changed(id);
	}

	/**
	 * The file is there, with the recorded bytes and this stamp.
	 */
	static void writeStamp(Tx tx, VolumeName volume, FileRow row, FileStamp stamp) throws SQLException {
		countFound(tx, volume, row);
		countMended(tx, volume, row);
		tx.session()
			.update("UPDATE files SET missing = NULL, damaged = NULL, stamp_size = ?, stamp_modified = ?, stamp_changed = ?, stamp_inode = ? WHERE id = ?",
					stamp.size(), stamp.modifiedNanos(), stamp.changedNanos(), stamp.inode(), row.key());
		HeldTable.settle(tx, row.key());
	}

	/**
	 * A scan found the file absent.
	 */
	static void writeMissing(Tx tx, VolumeName volume, FileRow row, long millis) throws SQLException {
		if (!row.missing()) {
			tx.add(volume, Counter.MISSING, 1, row.size());
			tx.session().update("UPDATE files SET missing = ? WHERE id = ?", millis, row.key());
		}
	}

	/**
	 * A scan found the file there.
	 */
	static void writeFound(Tx tx, VolumeName volume, FileRow row) throws SQLException {
		countFound(tx, volume, row);
		tx.session().update("UPDATE files SET missing = NULL WHERE id = ?", row.key());
	}

	/**
	 * A scan found other bytes in the file, and this stamp.
	 */
	static void writeDamaged(Tx tx, VolumeName volume, FileRow row, Digest found, FileStamp stamp) throws SQLException {
		if (!row.damaged()) {
			tx.add(volume, Counter.DAMAGED, 1, row.size());
		}
		countFound(tx, volume, row);
		tx.session()
			.update("UPDATE files SET missing = NULL, damaged = ?, stamp_size = ?, stamp_modified = ?, stamp_changed = ?, "
					+ "stamp_inode = ? WHERE id = ?", found.bytes(), stamp.size(), stamp.modifiedNanos(),
					stamp.changedNanos(), stamp.inode(), row.key());
	}

	private static void countFound(Tx tx, VolumeName volume, FileRow row) {
		if (row.missing()) {
			tx.add(volume, Counter.MISSING, -1, -row.size());
		}
	}

	private static void countMended(Tx tx, VolumeName volume, FileRow row) {
		if (row.damaged()) {
			tx.add(volume, Counter.DAMAGED, -1, -row.size());
		}
	}

	static void writeSeen(Tx tx, FileRow row) throws SQLException {
		tx.session().update("UPDATE files SET seen = 1 WHERE id = ?", row.key());
	}

	private static void count(Tx tx, VolumeName volume, FileRow.Kind kind, ReplicaState state, long size, int sign) {
		switch (kind) {
			case HEARD -> {
			}
			case STORED -> tx.add(volume, Counter.of(state), sign, sign * size);
			case DELETED -> tx.add(volume, Counter.DELETED, sign, 0);
		}
	}

}
