package dev.holdfast.app.catalog;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;

import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.exception.FlywayValidateException;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.JournalMode;
import org.sqlite.SQLiteConfig.SynchronousMode;
import org.sqlite.SQLiteDataSource;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * The catalog's file: brought to the present schema, and held by one process at a time.
 */
final class CatalogDatabase implements AutoCloseable {

	static final String FILE = "catalog.db";

	/**
	 * Far longer than a checkpoint takes: only another program could hold it this long.
	 */
	private static final int BUSY_MILLIS = 10_000;

	/** 64 MB: beyond this the log file is cut back after a checkpoint. */
	private static final int JOURNAL_LIMIT = 64 * 1024 * 1024;

	private final Path file;

	private final FileChannel lockFile;

	private CatalogDatabase(Path file, FileChannel lockFile) {
		this.file = file;
		this.lockFile = lockFile;
	}

	/**
	 * Opens the catalog in this directory, creates it where there is none, and migrates
	 * it.
	 * @throws CatalogException where another process holds it, or it cannot be read or
	 * written
	 */
	static CatalogDatabase open(Path directory) {
		Path file = directory.resolve(FILE);
		FileChannel lock = lock(directory);
		try {
			CatalogDatabase database = new CatalogDatabase(file, lock);
			database.migrate();
			return database;
		}
		catch (RuntimeException ex) {
			release(lock, ex);
			throw ex;
		}
	}

	private static FileChannel lock(Path directory) {
		FileChannel channel;
		try {
			Files.createDirectories(directory);
			channel = FileChannel.open(directory.resolve(FILE + ".lock"), StandardOpenOption.CREATE,
					StandardOpenOption.WRITE);
		}
		catch (IOException ex) {
			throw new CatalogException("The data directory " + directory
					+ " cannot be written: make it writable for the user that runs Holdfast", ex);
		}
		try {
			@Nullable FileLock held = channel.tryLock();
			if (held != null) {
				return channel;
			}
		}
		catch (OverlappingFileLockException ex) {
			throw release(channel, inUse(directory, ex));
		}
		catch (IOException ex) {
			throw release(channel, new CatalogException(
					"The data directory " + directory + " cannot be locked: put it on a local file system", ex));
		}
		throw release(channel, inUse(directory, null));
	}

	private static CatalogException inUse(Path directory, @Nullable Throwable cause) {
		String message = "Another Holdfast uses the data directory " + directory
				+ ": stop it, or give this one another directory";
		return (cause == null) ? new CatalogException(message) : new CatalogException(message, cause);
	}

	private static <E extends RuntimeException> E release(FileChannel channel, E problem) {
		try {
			channel.close();
		}
		catch (IOException ex) {
			problem.addSuppressed(ex);
		}
		return problem;
	}

	private void migrate() {
		try {
			Flyway.configure(CatalogDatabase.class.getClassLoader())
				.dataSource(dataSource())
				.locations("classpath:catalog/migrations")
				// A schema from the future is refused, not ignored.
				.ignoreMigrationPatterns(new String[0])
				.load()
				.migrate();
		}
		catch (FlywayValidateException ex) {
			throw new CatalogException("The catalog " + this.file
					+ " was written by another version of Holdfast: run that version, or stop and move the file away;"
					+ " it is rebuilt from the topics and the volumes", ex);
		}
		catch (FlywayException ex) {
			throw new CatalogException("The catalog " + this.file
					+ " cannot be opened: see the cause; a damaged file may be moved away while Holdfast is stopped,"
					+ " it is rebuilt from the topics and the volumes", ex);
		}
	}

	/**
	 * A connection that may write. Only one is ever open.
	 */
	Session openWriter() {
		return open(false);
	}

	/**
	 * A connection that only reads.
	 */
	Session openReader() {
		return open(true);
	}

	private Session open(boolean reader) {
		try {
			Session session = new Session(dataSource().getConnection());
			if (reader) {
				session.command("PRAGMA query_only = true");
			}
			return session;
		}
		catch (SQLException ex) {
			throw translate("open", ex);
		}
	}

	private SQLiteDataSource dataSource() {
		SQLiteConfig config = new SQLiteConfig();
		config.setJournalMode(JournalMode.WAL);
		// An acknowledged upload survives a power cut.
		config.setSynchronous(SynchronousMode.FULL);
		config.setJournalSizeLimit(JOURNAL_LIMIT);
		config.setBusyTimeout(BUSY_MILLIS);
		config.enforceForeignKeys(false);
		SQLiteDataSource source = new SQLiteDataSource(config);
		source.setUrl("jdbc:sqlite:" + this.file);
		return source;
	}

	/**
	 * What a person can do about a failure of the database.
	 */
	CatalogException translate(String operation, SQLException ex) {
		String what = "Catalog " + this.file + ", " + operation + ": ";
		SQLiteErrorCode code = (ex instanceof SQLiteException sqlite) ? sqlite.getResultCode()
				: SQLiteErrorCode.UNKNOWN_ERROR;
		return switch (code) {
			case SQLITE_FULL -> new CatalogFullException(what + "the disk is full: make room on it", ex);
			case SQLITE_READONLY, SQLITE_CANTOPEN, SQLITE_PERM -> new CatalogException(
					what + "the file cannot be written: make it writable for the user that runs Holdfast", ex);
			case SQLITE_CORRUPT, SQLITE_NOTADB -> new CatalogException(what
					+ "the file is damaged: stop Holdfast and move the file away, it is rebuilt from the topics and the volumes",
					ex);
			case SQLITE_BUSY, SQLITE_LOCKED ->
				new CatalogException(what + "another program holds the file: close that program", ex);
			default -> new CatalogException(what + "the database reports " + ex.getMessage(), ex);
		};
	}

	@Override
	public void close() {
		try {
			this.lockFile.close();
		}
		catch (IOException ex) {
			throw new CatalogException("The lock of " + this.file + " cannot be released", ex);
		}
	}

}
