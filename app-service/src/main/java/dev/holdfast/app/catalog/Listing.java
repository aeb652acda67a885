package dev.holdfast.app.catalog;

import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

import dev.holdfast.model.MediaId;
import dev.holdfast.model.VolumeName;

/**
 * Reads what is known of files. Pages go on from a key and not from a count, so that the
 * last page costs what the first one does.
 */
final class Listing {

	/**
	 * A prefix followed by this sorts behind every path with the prefix: no path is
	 * longer.
	 */
	static final String LAST = Character.toString(Character.MAX_CODE_POINT).repeat(256);

	private Listing() {
	}

	static Optional<FileStatus> status(Session session, MediaId id) throws SQLException {
		Optional<Found> found = session.first(
				"SELECT " + FileTable.STATUS_COLUMNS + " FROM files WHERE volume = ? AND path = ? AND kind <> 0",
				Listing::found, id.volume().value(), id.path());
		return found.isPresent() ? Optional.of(complete(session, found.get())) : Optional.empty();
	}

	static Page page(Session session, ListFilter filter) throws SQLException {
		List<Found> found = new ArrayList<>();
		VolumeName volume = filter.volume();
		// One more than asked for tells whether there is a next page.
		int limit = filter.limit() + 1;
		String select = "SELECT " + FileTable.STATUS_COLUMNS + " FROM files " + where(filter.selection());
		if (volume == null) {
			MediaId after = filter.after();
			session.each(select + " AND (volume, path) > (?, ?) ORDER BY volume, path LIMIT ?",
					(row) -> found.add(found(row)), (after == null) ? "" : after.volume().value(),
					(after == null) ? "" : after.path(), limit);
		}
		else {
			String first = first(volume, filter);
			session.each(select + " AND volume = ? AND path >= ? AND path < ? ORDER BY path LIMIT ?",
					(row) -> found.add(found(row)), volume.value(), first, filter.prefix() + LAST, limit);
		}
		boolean more = found.size() == limit;
		if (more) {
			found.removeLast();
		}
		List<FileStatus> files = new ArrayList<>();
		for (Found file : found) {
			files.add(complete(session, file));
		}
		return new Page(files, more ? files.getLast().entry().event().id() : null);
	}

	/**
	 * The states as constants, because an index of some rows is only used where it is
	 * plain that those rows suffice.
	 */
	private static String where(ListFilter.Selection selection) {
		return switch (selection) {
			case KNOWN -> "INDEXED BY files_by_path WHERE kind = 1";
			case REPLICATED -> "INDEXED BY files_by_path WHERE kind = 1 AND state = 2";
			case PENDING -> "INDEXED BY files_by_state WHERE kind = 1 AND state <> 2 AND state = 0";
			case RETRYING -> "INDEXED BY files_by_state WHERE kind = 1 AND state <> 2 AND state = 1";
			case DEAD_LETTERED -> "INDEXED BY files_by_state WHERE kind = 1 AND state <> 2 AND state = 3";
			case HELD -> "WHERE kind = 1 AND id IN (SELECT file FROM held)";
			case DELETED -> "INDEXED BY files_deleted WHERE kind = 2";
			case MISSING -> "INDEXED BY files_missing WHERE missing IS NOT NULL";
			case DAMAGED -> "INDEXED BY files_damaged WHERE damaged IS NOT NULL";
		};
	}

	/**
	 * The least path that belongs on the page: the prefix, or what follows the last path
	 * of the page before. Control characters are in no path, so none lies between that
	 * and the path with U+0001 behind it.
	 */
	private static String first(VolumeName volume, ListFilter filter) {
		MediaId after = filter.after();
		if (after == null) {
			return filter.prefix();
		}
		int order = after.volume().compareTo(volume);
		if (order != 0) {
			return (order < 0) ? filter.prefix() : filter.prefix() + LAST;
		}
		String next = after.path() + "\u0001";
		return (Arrays.compareUnsigned(next.getBytes(StandardCharsets.UTF_8),
				filter.prefix().getBytes(StandardCharsets.UTF_8)) > 0) ? next : filter.prefix();
	}

	private static Found found(ResultSet row) throws SQLException {
		MediaId id = MediaId.of(row.getString("volume"), row.getString("path"));
		return new Found(row.getLong("id"), FileTable.entry(id, row), Codes.state(row.getInt("state")));
	}

	private static FileStatus complete(Session session, Found found) throws SQLException {
		boolean inOutbox = OutboxTable.waits(session, found.key(), found.entry().event().version().value());
		return new FileStatus(found.entry(), found.state(), inOutbox, HeldTable.find(session, found.key()).orElse(null),
				ReplicaTable.of(session, found.key()));
	}

	private record Found(long key, CatalogEntry entry, ReplicaState state) {

	}

}
