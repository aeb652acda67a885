package dev.holdfast.app.catalog;

import java.sql.SQLException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * The connections that read. They see what was committed when a read began, and never
 * wait for the writer.
 */
final class CatalogReaders implements AutoCloseable {

	private static final int CONNECTIONS = 4;

	private final CatalogDatabase database;

	private final BlockingQueue<Session> free = new LinkedBlockingQueue<>();

	CatalogReaders(CatalogDatabase database) {
		this.database = database;
		for (int i = 0; i < CONNECTIONS; i++) {
			this.free.add(database.openReader());
		}
	}

	/** Reads something. */
	interface Work<T> {

		T in(Session session) throws SQLException;

	}

	/**
	 * Runs one query.
	 * @throws CatalogException where the database refused
	 */
	<T> T read(Work<T> work) {
		Session session = take();
		try {
			return work.in(session);
		}
		catch (SQLException ex) {
			throw this.database.translate("read", renewed(session, ex));
		}
		finally {
			this.free.add(session);
		}
	}

	/**
	 * Runs several queries that all see the same state.
	 * @throws CatalogException where the database refused
	 */
	<T> T snapshot(Work<T> work) {
		return read((session) -> {
			session.command("BEGIN");
			try {
				return work.in(session);
			}
			finally {
				session.command("COMMIT");
			}
		});
	}

	private static SQLException renewed(Session session, SQLException met) {
		try {
			session.renew();
		}
		catch (SQLException ex) {
			met.addSuppressed(ex);
		}
		return met;
	}

	private Session take() {
		boolean interrupted = false;
		try {
			while (true) {
				try {
					return this.free.take();
				}
				catch (InterruptedException ex) {
					interrupted = true;
				}
			}
		}
		finally {
			if (interrupted) {
				Thread.currentThread().interrupt();
			}
		}
	}

	@Override
	public void close() {
		for (int i = 0; i < CONNECTIONS; i++) {
			try {
				take().close();
			}
			catch (SQLException ex) {
				throw this.database.translate("close", ex);
			}
		}
	}

}
