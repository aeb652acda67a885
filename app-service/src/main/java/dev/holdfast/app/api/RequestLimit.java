package dev.holdfast.app.api;

import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;

/**
 * Works on so many requests at a time, and on the others in the order they came. A
 * request that is worked on holds some 90 KB of buffers; one that waits holds a virtual
 * thread and its connection. Without a limit a few thousand clients at once take all of a
 * small heap, and nothing is answered any more, health included.
 * <p>
 * So many clients that send slowly still keep the others waiting, until they have sent
 * all or fall silent for the connection's timeout; and what waits when the service is
 * told to stop is closed without an answer, as it was never begun.
 */
final class RequestLimit implements Executor {

	private final Executor threads;

	private final Semaphore turns;

	/**
	 * A limit.
	 * @param threads gives every request a thread of its own
	 */
	RequestLimit(Executor threads, int atATime) {
		this.threads = threads;
		this.turns = new Semaphore(atATime, true);
	}

	@Override
	public void execute(Runnable request) {
		this.threads.execute(() -> {
			this.turns.acquireUninterruptibly();
			try {
				request.run();
			}
			finally {
				this.turns.release();
			}
		});
	}

}
