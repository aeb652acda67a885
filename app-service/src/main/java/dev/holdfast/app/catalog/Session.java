package dev.holdfast.app.catalog;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

/**
 * One connection to the catalog and the statements prepared on it. Used by one thread at
 * a time.
 */
final class Session implements AutoCloseable {

	private final Connection connection;

	private final Map<String, PreparedStatement> statements = new HashMap<>();

	private long writes;

	Session(Connection connection) {
		this.connection = connection;
	}

	/** Reads one row. */
	interface Row<T> {

		T read(ResultSet row) throws SQLException;

	}

	/** Takes one row. */
	interface RowTaker {

		void take(ResultSet row) throws SQLException;

	}

	/**
	 * Runs a statement that returns no rows.
	 * @return how many rows it changed
	 */
	int update(String sql, @Nullable Object... values) throws SQLException {
		this.writes++;
		return bind(sql, values).executeUpdate();
	}

	/**
	 * Inserts a row.
	 * @return its row id
	 */
	long insert(String sql, @Nullable Object... values) throws SQLException {
		update(sql, values);
		return number("SELECT last_insert_rowid()");
	}

	void command(String sql) throws SQLException {
		bind(sql).execute();
	}

	/**
	 * The first row of a query, if there is one.
	 */
	<T> Optional<T> first(String sql, Row<T> row, @Nullable Object... values) throws SQLException {
		try (ResultSet rows = bind(sql, values).executeQuery()) {
			return rows.next() ? Optional.of(row.read(rows)) : Optional.empty();
		}
	}

	/**
	 * The one number that a query returns, 0 for NULL or no row.
	 */
	long number(String sql, @Nullable Object... values) throws SQLException {
		try (ResultSet rows = bind(sql, values).executeQuery()) {
			return rows.next() ? rows.getLong(1) : 0;
		}
	}

	void each(String sql, RowTaker taker, @Nullable Object... values) throws SQLException {
		try (ResultSet rows = bind(sql, values).executeQuery()) {
			while (rows.next()) {
				taker.take(rows);
			}
		}
	}

	/**
	 * How many changing statements were run, for telling whether some work has changed
	 * anything.
	 */
	long writes() {
		return this.writes;
	}

	/**
	 * Forgets every prepared statement. One that has failed, on a full disk for example,
	 * may not work again although the cause is gone.
	 */
	void renew() throws SQLException {
		for (PreparedStatement statement : this.statements.values()) {
			statement.close();
		}
		this.statements.clear();
	}

	private PreparedStatement bind(String sql, @Nullable Object... values) throws SQLException {
		PreparedStatement statement = this.statements.get(sql);
		if (statement == null) {
			statement = this.connection.prepareStatement(sql);
			this.statements.put(sql, statement);
		}
		for (int i = 0; i < values.length; i++) {
			Object value = values[i];
			switch (value) {
				case null -> statement.setObject(i + 1, null);
				case Long number -> statement.setLong(i + 1, number);
				case Integer number -> statement.setInt(i + 1, number);
				case String text -> statement.setString(i + 1, text);
				case byte[] bytes -> statement.setBytes(i + 1, bytes);
				default -> throw new IllegalArgumentException("No column takes a " + value.getClass());
			}
		}
		return statement;
	}

	@Override
	public void close() throws SQLException {
		this.connection.close();
	}

}
