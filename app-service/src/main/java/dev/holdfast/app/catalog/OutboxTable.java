package dev.holdfast.app.catalog;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

import org.jspecify.annotations.Nullable;

/**
 * Events that the log has not acknowledged yet, in the order in which they were recorded.
 */
final class OutboxTable {

	private OutboxTable() {
	}

	/**
	 * Adds an event.
	 * @param file the row of its file; {@code null} where it is about none
	 */
	static void add(Tx tx, @Nullable Long file, long version, byte[] key, byte[] value, long recorded)
			throws SQLException {
		tx.session()
			.update("INSERT INTO outbox (file, version, key, value, recorded) VALUES (?, ?, ?, ?, ?)", file, version,
					key, value, recorded);
		tx.accepted();
	}

	static List<OutboxEvent> after(Session session, long seq, int limit) throws SQLException {
		List<OutboxEvent> events = new ArrayList<>();
		session.each("SELECT seq, key, value FROM outbox WHERE seq > ? ORDER BY seq LIMIT ?",
				(row) -> events.add(new OutboxEvent(row.getLong(1), row.getBytes(2), row.getBytes(3))), seq, limit);
		return events;
	}

	static void remove(Tx tx, long seq) throws SQLException {
		tx.published(tx.session().update("DELETE FROM outbox WHERE seq = ?", seq));
	}

	/**
	 * Removes the event because it was read from the log.
	 */
	static void settle(Tx tx, long file, long version) throws SQLException {
		tx.published(tx.session().update("DELETE FROM outbox WHERE file = ? AND version = ?", file, version));
	}

	static boolean waits(Session session, long file, long version) throws SQLException {
		return session.number("SELECT EXISTS (SELECT 1 FROM outbox WHERE file = ? AND version = ?)", file,
				version) == 1;
	}

	static OptionalLong oldest(Session session) throws SQLException {
		return session.first("SELECT recorded FROM outbox ORDER BY seq LIMIT 1", (row) -> row.getLong(1))
			.map(OptionalLong::of)
			.orElseGet(OptionalLong::empty);
	}

}
