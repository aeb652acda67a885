package dev.holdfast.worker.replay;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;

import dev.holdfast.model.MediaEvent;
import dev.holdfast.model.MediaStored;
import dev.holdfast.worker.store.StoreException;
import org.jspecify.annotations.Nullable;

/**
 * Replays files side by side, bounded in count and in bytes. The first failure that is
 * about more than one file ends it all.
 */
final class Workers implements AutoCloseable {

	private static final int FILES = 32;

	/** A small file is in memory while it is put. */
	private static final int MEBIBYTES = 64;

	private static final long MEBIBYTE = 1024 * 1024;

	/** So much of the bytes one file takes at most, or it would have to wait for ever. */
	private static final int MOST_FOR_ONE = MEBIBYTES / 4;

	private final Semaphore files = new Semaphore(FILES);

	private final Semaphore bytes = new Semaphore(MEBIBYTES);

	private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

	private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();

	@FunctionalInterface
	interface Job {

		void run() throws StoreException, InterruptedException;

	}

	/**
	 * Runs a job soon, waiting until there is room for it. After a failure jobs are
	 * dropped.
	 */
	void submit(MediaEvent.OfFile event, Job job) throws InterruptedException {
		long size = (event instanceof MediaStored stored) ? stored.size() : 0;
		int weight = Math.clamp(Math.ceilDiv(size, MEBIBYTE), 1, MOST_FOR_ONE);
		this.files.acquire();
		this.bytes.acquire(weight);
		if (this.failure.get() != null) {
			this.bytes.release(weight);
			this.files.release();
			return;
		}
		this.threads.execute(() -> {
			try {
				job.run();
			}
			catch (StoreException | InterruptedException | RuntimeException ex) {
				// The thread ends here; whoever waits for it throws this on.
				this.failure.compareAndSet(null, ex);
			}
			finally {
				this.bytes.release(weight);
				this.files.release();
			}
		});
	}

	/**
	 * Waits until all jobs have ended.
	 * @throws StoreException the failure that ended it all
	 */
	void await() throws StoreException, InterruptedException {
		this.files.acquire(FILES);
		this.files.release(FILES);
		switch (this.failure.get()) {
			case null -> {
				// All is well.
			}
			case StoreException ex -> throw ex;
			case InterruptedException ex -> throw ex;
			case RuntimeException ex -> throw ex;
			case Exception ex -> throw new IllegalStateException(ex);
		}
	}

	@Override
	public void close() {
		this.threads.shutdownNow();
		this.threads.close();
	}

}
