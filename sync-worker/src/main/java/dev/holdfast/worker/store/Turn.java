package dev.holdfast.worker.store;

import java.util.concurrent.locks.LockSupport;

/**
 * Lets others have their turn. Nobody takes a virtual thread off its core: a few large
 * files, which are read from memory and written to a fast store, would keep all cores,
 * and every small file waiting for as long as a part takes.
 */
final class Turn {

	/** Some milliseconds of work; the pause is then a few percent of it. */
	private static final long BYTES = 1024 * 1024;

	private long since;

	/**
	 * These bytes have been dealt with. A yield would not do: the thread is ready again
	 * at once, and its core takes it before it looks for what others have ready.
	 */
	void took(long bytes) {
		this.since += bytes;
		if (this.since >= BYTES) {
			this.since = 0;
			LockSupport.parkNanos(1);
		}
	}

}
