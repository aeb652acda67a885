package dev.holdfast.app.catalog;

import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

import dev.holdfast.app.catalog.CatalogWriter.Durability;
import dev.holdfast.model.Digest;
import dev.holdfast.model.MediaId;
import dev.holdfast.model.MediaStored;
import dev.holdfast.model.Version;
import dev.holdfast.model.VolumeName;
import org.jspecify.annotations.Nullable;

/**
 * What scans read and write: the rows of a volume in the order of their paths, the marks
 * that they leave on them, and names that they have yet to deal with. Nothing here is
 * fsynced: what is lost in a power cut, the next scan finds again.
 */
public final class ScanRecords {

	private final Catalog catalog;

	ScanRecords(Catalog catalog) {
		this.catalog = catalog;
	}

	/** What a name is kept for. */
	public enum Purpose {

		/** To be read. */
		READ(0),

		/** Known and not seen. */
		ABSENT(1);

		/** Part of the schema. */
		private final int code;

		Purpose(int code) {
			this.code = code;
		}

	}

	/** A known file. */
	public static final class Known {

		private final byte[] path;

		private final @Nullable FileStamp stamp;

		private final boolean missing;

		private final boolean damaged;

		Known(byte[] path, @Nullable FileStamp stamp, boolean missing, boolean damaged) {
			this.path = path;
			this.stamp = stamp;
			this.missing = missing;
			this.damaged = damaged;
		}

		/**
		 * Its path in UTF-8. Not a copy: a scan asks for a million of them.
		 */
		public byte[] path() {
			return this.path;
		}

		/**
		 * What the file system said of it, {@code null} where that is not known.
		 */
		public @Nullable FileStamp stamp() {
			return this.stamp;
		}

		/**
		 * Whether it is marked as missing.
		 */
		public boolean missing() {
			return this.missing;
		}

		/**
		 * Whether it is marked as damaged.
		 */
		public boolean damaged() {
			return this.damaged;
		}

	}

	/**
	 * A name to be dealt with later.
	 *
	 * @param rank those of lower rank come first
	 * @param path relative to the volume's root
	 * @param size in bytes
	 */
	public record Work(long rank, String path, long size) {

	}

	/**
	 * The next known files of a volume, in the order of the bytes of their paths.
	 * @param subtree only those below this directory, empty for all
	 * @param after only those after this path, {@code null} to begin with the first
	 */
	public List<Known> known(VolumeName volume, String subtree, byte @Nullable [] after, int limit) {
		String first = (after != null) ? new String(after, StandardCharsets.UTF_8)
				: subtree.isEmpty() ? "" : subtree + "/";
		// The character after the slash: what is not below the directory follows it.
		String end = subtree.isEmpty() ? Listing.LAST : subtree + (char) ('/' + 1);
		return this.catalog.readers().read((session) -> {
			List<Known> rows = new ArrayList<>(limit);
			session.each(
					"SELECT path, stamp_size, stamp_modified, stamp_changed, stamp_inode, missing IS NOT NULL, "
							+ "damaged IS NOT NULL FROM files INDEXED BY files_by_path "
							+ "WHERE kind = 1 AND volume = ? AND path > ? AND path < ? ORDER BY path LIMIT ?",
					(row) -> rows.add(known(row)), volume.value(), first, end, limit);
			return rows;
		});
	}

	private static Known known(ResultSet row) throws SQLException {
		long size = row.getLong(2);
		FileStamp stamp = row.wasNull() ? null : new FileStamp(size, row.getLong(3), row.getLong(4), row.getLong(5));
		return new Known(row.getBytes(1), stamp, row.getInt(6) == 1, row.getInt(7) == 1);
	}

	/**
	 * Marks files as missing.
	 * @param absent what was known of them before it was looked; where more is known by
	 * now, the file was there
	 * @return those that are missing now
	 */
	public List<MediaId> markMissing(List<CatalogEntry> absent, Instant at) {
		return this.catalog.write(Durability.COMMITTED, (tx) -> {
			List<MediaId> missing = new ArrayList<>();
			for (CatalogEntry before : absent) {
				MediaId id = before.event().id();
				Optional<FileRow> row = stored(tx, id);
				if (row.isPresent() && isAsBefore(tx, id, before)) {
					FileTable.writeMissing(tx, id.volume(), row.get(), at.toEpochMilli());
					missing.add(id);
				}
			}
			return missing;
		});
	}

	private static boolean isAsBefore(Tx tx, MediaId id, CatalogEntry before) throws SQLException {
		return FileTable.entry(tx.session(), id)
			.filter((now) -> now.event().version().equals(before.event().version())
					&& Objects.equals(now.stamp(), before.stamp()))
			.isPresent();
	}

	/**
	 * Takes the mark from files that are there again.
	 */
	public void markFound(List<MediaId> ids) {
		this.catalog.<@Nullable Void>write(Durability.COMMITTED, (tx) -> {
			for (MediaId id : ids) {
				Optional<FileRow> row = stored(tx, id);
				if (row.isPresent() && row.get().missing()) {
					FileTable.writeFound(tx, id.volume(), row.get());
				}
			}
			return null;
		});
	}

	/**
	 * Marks a file as damaged: with these bytes in place of the recorded ones, and this
	 * stamp.
	 * @param version the version that was compared; nothing happens where there is a
	 * later one by now
	 */
	public void markDamaged(MediaId id, Version version, Digest found, FileStamp stamp) {
		this.catalog.<@Nullable Void>write(Durability.COMMITTED, (tx) -> {
			Optional<FileRow> row = stored(tx, id);
			if (row.isPresent() && row.get().version().equals(version)) {
				FileTable.writeDamaged(tx, id.volume(), row.get(), found, stamp);
			}
			return null;
		});
	}

	private static Optional<FileRow> stored(Tx tx, MediaId id) throws SQLException {
		return FileTable.row(tx.session(), id).filter((row) -> row.kind() == FileRow.Kind.STORED);
	}

	/**
	 * Keeps names for later.
	 */
	public void keep(long scan, Purpose purpose, List<Work> work) {
		this.catalog.<@Nullable Void>write(Durability.COMMITTED, (tx) -> {
			for (Work name : work) {
				tx.session()
					.update("INSERT OR IGNORE INTO scan_work (scan, what, rank, path, size) VALUES (?, ?, ?, ?, ?)",
							scan, purpose.code, name.rank(), name.path(), name.size());
			}
			return null;
		});
	}

	/**
	 * The kept names that come first.
	 */
	public List<Work> first(long scan, Purpose purpose, int limit) {
		return this.catalog.readers().read((session) -> {
			List<Work> work = new ArrayList<>(limit);
			session.each(
					"SELECT rank, path, size FROM scan_work WHERE scan = ? AND what = ? ORDER BY rank, path LIMIT ?",
					(row) -> work.add(new Work(row.getLong(1), row.getString(2), row.getLong(3))), scan, purpose.code,
					limit);
			return work;
		});
	}

	/**
	 * Forgets the kept names up to this one.
	 */
	public void forget(long scan, Purpose purpose, Work last) {
		this.catalog.<@Nullable Void>write(Durability.COMMITTED, (tx) -> {
			tx.session()
				.update("DELETE FROM scan_work WHERE scan = ? AND what = ? AND (rank, path) <= (?, ?)", scan,
						purpose.code, last.rank(), last.path());
			return null;
		});
	}

	/**
	 * Forgets what a scan has kept.
	 */
	public void forget(long scan) {
		this.catalog.<@Nullable Void>write(Durability.COMMITTED, (tx) -> {
			tx.session().update("DELETE FROM scan_work WHERE scan = ?", scan);
			return null;
		});
	}

	/**
	 * Forgets what the scans of an earlier process have kept.
	 */
	public void forgetAll() {
		this.catalog.<@Nullable Void>write(Durability.COMMITTED, (tx) -> {
			tx.session().update("DELETE FROM scan_work");
			return null;
		});
	}

}
