package dev.holdfast.worker.source;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * The body of an answer, for as long as it flows: a read that waits for too long fails.
 * The timeout of a request ends where the body begins, so that a connection that went
 * silent would hold up its reader for ever.
 */
final class FlowingBody extends FilterInputStream {

	/** Of the time that may pass, how often is looked in it. */
	private static final int LOOKS = 4;

	private static final long NOT_WAITING = Long.MIN_VALUE;

	private final Duration silence;

	private final ScheduledFuture<?> watch;

	private volatile long waitingSince = NOT_WAITING;

	private volatile boolean stalled;

	/**
	 * A body that is watched until it is closed.
	 * @param silence for how long nothing may arrive
	 */
	FlowingBody(InputStream body, Duration silence, ScheduledExecutorService timer) {
		super(body);
		this.silence = silence;
		long pause = Math.max(1, silence.toNanos() / LOOKS);
		this.watch = timer.scheduleWithFixedDelay(this::look, pause, pause, TimeUnit.NANOSECONDS);
	}

	private void look() {
		long since = this.waitingSince;
		if (since != NOT_WAITING && System.nanoTime() - since >= this.silence.toNanos()) {
			this.stalled = true;
			try {
				super.close();
			}
			catch (IOException ex) {
				throw new IllegalStateException("The reader waits on", ex);
			}
		}
	}

	@Override
	public int read() throws IOException {
		byte[] one = new byte[1];
		return (read(one, 0, 1) < 0) ? -1 : one[0] & 0xFF;
	}

	@Override
	public int read(byte[] buffer, int offset, int length) throws IOException {
		this.waitingSince = System.nanoTime();
		try {
			int read = super.read(buffer, offset, length);
			if (this.stalled) {
				throw silent();
			}
			return read;
		}
		catch (IOException ex) {
			throw this.stalled ? silent() : ex;
		}
		finally {
			this.waitingSince = NOT_WAITING;
		}
	}

	private HttpTimeoutException silent() {
		return new HttpTimeoutException("nothing more arrived for " + this.silence.toMillis() + " ms");
	}

	@Override
	public void close() throws IOException {
		this.watch.cancel(false);
		super.close();
	}

}
