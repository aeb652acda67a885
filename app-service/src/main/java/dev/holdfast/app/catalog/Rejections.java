package dev.holdfast.app.catalog;

import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;

import dev.holdfast.app.catalog.CatalogWriter.Durability;
import dev.holdfast.model.Digest;
import dev.holdfast.model.MediaId;
import dev.holdfast.model.VolumeName;
import org.jspecify.annotations.Nullable;

/**
 * What a person has rejected: bytes of files, which are remembered until their file is
 * recorded anew, and the last hold of each volume that ended so.
 */
public final class Rejections {

	private final Catalog catalog;

	Rejections(Catalog catalog) {
		this.catalog = catalog;
	}

	/**
	 * A hold that was rejected.
	 *
	 * @param hold the hold
	 * @param last when the last of its changes was seen
	 */
	public record Rejection(Hold hold, Instant last) {

	}

	/**
	 * Whether any bytes of files of this volume are rejected.
	 */
	public boolean any(VolumeName volume) {
		return this.catalog.readers()
			.read((session) -> session.number("SELECT EXISTS (SELECT 1 FROM rejected WHERE volume = ?)",
					volume.value()) == 1);
	}

	/**
	 * Whether bytes of this file were rejected, and nothing was recorded of it since.
	 */
	public boolean concern(MediaId id) {
		return this.catalog.readers()
			.read((session) -> session.number(
					"SELECT EXISTS (SELECT 1 FROM files WHERE volume = ? AND path = ? AND "
							+ "(EXISTS (SELECT 1 FROM rejected WHERE rejected.file = files.id) OR "
							+ "EXISTS (SELECT 1 FROM held WHERE held.file = files.id AND held.state = 2)))",
					id.volume().value(), id.path()) == 1);
	}

	/**
	 * Whether these bytes of this file were rejected.
	 */
	public boolean concern(MediaId id, Digest found) {
		return this.catalog.readers()
			.read((session) -> session.number(
					"SELECT EXISTS (SELECT 1 FROM files JOIN rejected ON rejected.file = files.id "
							+ "WHERE files.volume = ? AND files.path = ? AND rejected.digest = ?)",
					id.volume().value(), id.path(), found.bytes()) == 1);
	}

	/**
	 * The last hold of a volume that was rejected. Empty where one was approved since.
	 */
	public Optional<Rejection> last(VolumeName volume) {
		return this.catalog.readers()
			.read((session) -> session.first(
					"SELECT volume, kind, since, reason, last_good, positions, last FROM rejections WHERE volume = ?",
					(row) -> new Rejection(Holds.hold(row), Instant.ofEpochMilli(row.getLong(7))), volume.value()));
	}

	/**
	 * Takes note that a file has bytes that were rejected: whatever else waits of it does
	 * not any more.
	 * @param at when they were seen
	 * @param stamp what the file system says of it by now
	 */
	public void seen(MediaId id, Instant at, FileStamp stamp, Digest digest) {
		write((tx) -> {
			Optional<FileRow> row = FileTable.row(tx.session(), id);
			if (row.isPresent()) {
				HeldTable.writeRejected(tx, id.volume(), row.get().key(), at, stamp, digest);
			}
		});
	}

	/**
	 * Takes note that a file has gone from the volume that had bytes that were rejected.
	 * What was recorded of it is missing, and has been since they came.
	 */
	public void gone(MediaId id, Instant at) {
		write((tx) -> {
			Optional<FileRow> row = FileTable.row(tx.session(), id);
			if (row.isPresent() && row.get().kind() == FileRow.Kind.STORED) {
				FileTable.writeMissing(tx, id.volume(), row.get(), at.toEpochMilli());
				HeldTable.forget(tx, row.get().key());
			}
		});
	}

	/** What is changed in a transaction. */
	private interface Change {

		void in(Tx tx) throws SQLException;

	}

	private void write(Change change) {
		this.catalog.<@Nullable Void>write(Durability.COMMITTED, (tx) -> {
			change.in(tx);
			return null;
		});
	}

}
