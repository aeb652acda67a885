package dev.holdfast.app.catalog;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

/**
 * The one thread that writes to the catalog. What waits for it when it becomes free is
 * done in one transaction, so that many concurrent uploads share one fsync; when nothing
 * waits, it sleeps.
 */
final class CatalogWriter implements AutoCloseable {

	/** Bounds how long the first of a batch waits for the last of it. */
	private static final int MOST_IN_ONE = 256;

	private final CatalogDatabase database;

	private final Session session;

	private final Consumer<Tx> committed;

	private final BlockingQueue<Pending<?>> queue = new LinkedBlockingQueue<>();

	private final AtomicBoolean closed = new AtomicBoolean();

	private final Thread thread;

	private boolean synchronous = true;

	/**
	 * Starts the thread.
	 * @param committed is told of every transaction after its commit, on the writer's
	 * thread
	 */
	CatalogWriter(CatalogDatabase database, Consumer<Tx> committed) {
		this.database = database;
		this.session = database.openWriter();
		this.committed = committed;
		this.thread = Thread.ofPlatform().name("catalog-writer").daemon().unstarted(this::run);
		this.thread.start();
	}

	/**
	 * Work inside a transaction. May be done again when the first time was rolled back.
	 */
	interface Work<T extends @Nullable Object> {

		T in(Tx tx) throws SQLException;

	}

	/** What has to be true when {@link #write} returns. */
	enum Durability {

		/** It survives a power cut. */
		FSYNCED,

		/**
		 * It survives the end of the process; after a power cut it may be undone, in the
		 * order in which it was done. For what is read from the topics again.
		 */
		COMMITTED

	}

	/**
	 * Does the work in a transaction and returns once that is committed. Not
	 * interruptible: the caller always learns what became of it.
	 * @throws CatalogException where the database refused; nothing was changed
	 */
	<T extends @Nullable Object> T write(Durability durability, Work<T> work) {
		Pending<T> pending = new Pending<>(durability, work);
		enqueue(pending);
		try {
			return pending.done.join();
		}
		catch (CompletionException ex) {
			throw rethrown(ex);
		}
	}

	private void enqueue(Pending<?> pending) {
		synchronized (this.queue) {
			if (this.closed.get()) {
				throw new CatalogException("The catalog is closed: Holdfast is stopping");
			}
			this.queue.add(pending);
		}
	}

	/**
	 * The cause, with the caller's stack below it: a shared exception would tell whose
	 * work failed first.
	 */
	private static RuntimeException rethrown(CompletionException ex) {
		return switch (ex.getCause()) {
			case CatalogFullException full -> new CatalogFullException(String.valueOf(full.getMessage()), full);
			case CatalogException failed -> new CatalogException(String.valueOf(failed.getMessage()), failed);
			case RuntimeException failed -> failed;
			case Error error -> throw error;
			case null, default -> new CatalogException("The catalog's writer failed", ex);
		};
	}

	private void run() {
		List<Pending<?>> batch = new ArrayList<>();
		boolean more = true;
		while (more) {
			batch.clear();
			try {
				batch.add(this.queue.take());
			}
			catch (InterruptedException ex) {
				// Nobody but close() ends this thread, and it does so by the queue.
				continue;
			}
			this.queue.drainTo(batch, MOST_IN_ONE - 1);
			more = batch.stream().noneMatch(Pending::isEnd);
			batch.removeIf(Pending::isEnd);
			if (!batch.isEmpty()) {
				commit(batch);
			}
		}
	}

	private void commit(List<Pending<?>> batch) {
		Tx tx = new Tx(this.session);
		try {
			synchronous(batch.stream().anyMatch((work) -> work.durability == Durability.FSYNCED));
			this.session.command("BEGIN IMMEDIATE");
			for (Pending<?> work : batch) {
				work.attempt(tx);
			}
			tx.finish();
			this.session.command("COMMIT");
		}
		catch (SQLException | RuntimeException | Error ex) {
			rollBack(batch, ex);
			return;
		}
		try {
			this.committed.accept(tx);
		}
		finally {
			batch.forEach(Pending::finish);
		}
	}

	/**
	 * Nothing of the batch was done. Each is tried again by itself, so that one that
	 * cannot be done does not fail the others, and each learns the truth.
	 */
	private void rollBack(List<Pending<?>> batch, Throwable problem) {
		try {
			this.session.renew();
			this.session.command("ROLLBACK");
		}
		catch (SQLException ex) {
			// SQLite may have rolled back by itself, for example on a full disk.
			problem.addSuppressed(ex);
		}
		if (batch.size() > 1) {
			batch.forEach((work) -> commit(List.of(work)));
			return;
		}
		batch.getFirst().fail((problem instanceof SQLException ex) ? this.database.translate("write", ex) : problem);
	}

	/**
	 * A batch in which nobody needs the fsync does without: the next one that does takes
	 * it along.
	 */
	private void synchronous(boolean wanted) throws SQLException {
		if (wanted != this.synchronous) {
			this.session.command(wanted ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL");
			this.synchronous = wanted;
		}
	}

	/**
	 * Finishes what waits and ends the thread.
	 */
	@Override
	public void close() {
		synchronized (this.queue) {
			if (this.closed.getAndSet(true)) {
				return;
			}
			this.queue.add(new Pending<>(Durability.COMMITTED, null));
		}
		boolean interrupted = false;
		while (this.thread.isAlive()) {
			try {
				this.thread.join();
			}
			catch (InterruptedException ex) {
				interrupted = true;
			}
		}
		if (interrupted) {
			Thread.currentThread().interrupt();
		}
		try {
			this.session.close();
		}
		catch (SQLException ex) {
			throw this.database.translate("close", ex);
		}
	}

	private static final class Pending<T extends @Nullable Object> {

		private final Durability durability;

		private final @Nullable Work<T> work;

		private final CompletableFuture<T> done = new CompletableFuture<>();

		private @Nullable Runnable outcome;

		private Pending(Durability durability, @Nullable Work<T> work) {
			this.durability = durability;
			this.work = work;
		}

		private boolean isEnd() {
			return this.work == null;
		}

		/**
		 * Work that refuses before it has changed anything fails alone.
		 */
		private void attempt(Tx tx) throws SQLException {
			Work<T> task = Objects.requireNonNull(this.work);
			long before = tx.session().writes();
			try {
				T result = task.in(tx);
				this.outcome = () -> this.done.complete(result);
			}
			catch (RuntimeException ex) {
				if (tx.session().writes() != before) {
					throw ex;
				}
				this.outcome = () -> this.done.completeExceptionally(ex);
			}
		}

		private void finish() {
			Objects.requireNonNull(this.outcome).run();
		}

		private void fail(Throwable problem) {
			this.done.completeExceptionally(problem);
		}

	}

}
