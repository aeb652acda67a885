package dev.holdfast.app.scan;

import java.io.InterruptedIOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Lets the app beside live: those who read files rest in proportion to the time that they
 * were busy, and never go beyond the rates that were set. Shared by the readers of all
 * volumes; the rest grows with a busy machine, where the same work takes longer.
 */
class Pace {

	/** No rest at all, for single files that somebody waits for. */
	static final Pace NONE = new Pace(100, 0, 0, new CountDownLatch(1));

	/** Rests shorter than this are put together. */
	private static final long SHORTEST = TimeUnit.MILLISECONDS.toNanos(5);

	private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

	private final double restPerBusy;

	private final long filesPerSecond;

	private final long bytesPerSecond;

	private final CountDownLatch stop;

	/** When the next file and the next byte may be read, by {@link System#nanoTime()}. */
	private final AtomicLong nextFile = new AtomicLong(System.nanoTime());

	private final AtomicLong nextByte = new AtomicLong(System.nanoTime());

	private final AtomicLong owed = new AtomicLong();

	/**
	 * A pace.
	 * @param share percent of the time that a reader may be busy
	 * @param filesPerSecond of all readers, 0 for no limit
	 * @param bytesPerSecond of all readers, 0 for no limit
	 * @param stop ends every rest
	 */
	Pace(int share, long filesPerSecond, long bytesPerSecond, CountDownLatch stop) {
		this.restPerBusy = (100.0 - share) / share;
		this.filesPerSecond = filesPerSecond;
		this.bytesPerSecond = bytesPerSecond;
		this.stop = stop;
	}

	/**
	 * To be called before a file is looked at.
	 */
	void file() throws InterruptedIOException {
		if (this.filesPerSecond > 0) {
			rest(wait(this.nextFile, SECOND / this.filesPerSecond));
		}
	}

	/**
	 * To be called after so many bytes were read.
	 */
	void bytes(long count) throws InterruptedIOException {
		if (this.bytesPerSecond > 0) {
			rest(wait(this.nextByte, (long) ((double) count * SECOND / this.bytesPerSecond)));
		}
		if (this.stop.getCount() == 0) {
			throw new InterruptedIOException("app-service is stopping");
		}
	}

	/**
	 * To be called after a piece of work.
	 * @param nanos how long it took
	 */
	void busy(long nanos) throws InterruptedIOException {
		if (this.restPerBusy == 0) {
			return;
		}
		if (this.owed.addAndGet((long) (nanos * this.restPerBusy)) >= SHORTEST) {
			rest(this.owed.getAndSet(0));
		}
	}

	/**
	 * Takes a place in the queue.
	 * @return how long until it is reached
	 */
	private static long wait(AtomicLong next, long each) {
		long now = System.nanoTime();
		long place = next.getAndUpdate((at) -> ((at - now < 0) ? now : at) + each);
		return place - now;
	}

	private void rest(long nanos) throws InterruptedIOException {
		try {
			if (nanos > 0 && await(nanos)) {
				throw new InterruptedIOException("app-service is stopping");
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new InterruptedIOException("Interrupted while resting");
		}
	}

	/**
	 * Rests so long.
	 * @return whether it was ended early
	 */
	boolean await(long nanos) throws InterruptedException {
		return this.stop.await(nanos, TimeUnit.NANOSECONDS);
	}

}
