package dev.holdfast.worker.engine;

import dev.holdfast.model.MediaEvent;
import dev.holdfast.model.MediaStored;
import dev.holdfast.worker.retry.Waiter;
import dev.holdfast.worker.retry.RetryState;
import org.jspecify.annotations.Nullable;

/**
 * An event about a file on its way through the engine, from the record it was read from
 * to the completion of that record. Ends exactly once: {@link #end()} tells the one
 * caller that ended it.
 */
final class Work implements Waiter {

	private enum State {

		/** For its turn, for a place, at a gate, or until it is due. */
		WAITING,

		/** On a thread. */
		RUNNING,

		/** Carried out; what became of it is being written. */
		SETTLING,

		ENDED

	}

	private final MediaEvent.OfFile event;

	private final byte[] value;

	private final RetryState retry;

	private final Assignment assignment;

	private final InFlightTracker.Entry entry;

	private final Lane lane;

	private final long receivedAt = System.nanoTime();

	private State state = State.WAITING;

	private boolean cancelled;

	private boolean counted;

	private @Nullable Thread thread;

	Work(MediaEvent.OfFile event, byte[] value, RetryState retry, Assignment assignment, InFlightTracker.Entry entry,
			Lane lane) {
		this.event = event;
		this.value = value;
		this.retry = retry;
		this.assignment = assignment;
		this.entry = entry;
		this.lane = lane;
	}

	MediaEvent.OfFile event() {
		return this.event;
	}

	byte[] value() {
		return this.value;
	}

	RetryState retry() {
		return this.retry;
	}

	Assignment assignment() {
		return this.assignment;
	}

	InFlightTracker.Entry entry() {
		return this.entry;
	}

	/**
	 * When it was received, on the clock of {@link System#nanoTime()}.
	 */
	long receivedAt() {
		return this.receivedAt;
	}

	/**
	 * The bytes of the file, 0 for an event without any.
	 */
	long size() {
		return (this.event instanceof MediaStored stored) ? stored.size() : 0;
	}

	/**
	 * A thread takes the work on.
	 * @return whether there is still something to do
	 */
	synchronized boolean begin() {
		if (this.state != State.WAITING || this.cancelled) {
			return false;
		}
		this.state = State.RUNNING;
		this.thread = Thread.currentThread();
		return true;
	}

	/**
	 * The thread has let go of it: it was carried out, one way or the other. No interrupt
	 * reaches the thread on its account from here on.
	 */
	synchronized void settle() {
		this.state = State.SETTLING;
		this.thread = null;
	}

	@Override
	public synchronized void parked() {
		this.state = State.WAITING;
		this.thread = null;
	}

	@Override
	public boolean released() {
		synchronized (this) {
			if (this.state != State.WAITING || this.cancelled) {
				return false;
			}
		}
		this.lane.submit(this);
		return true;
	}

	/**
	 * The partition is lost, or the worker stops. What is not on a thread does not start
	 * any more.
	 * @return whether it can be ended at once
	 */
	synchronized boolean cancel() {
		this.cancelled = true;
		return this.state == State.WAITING;
	}

	synchronized boolean isCancelled() {
		return this.cancelled;
	}

	/**
	 * Interrupts the thread it is on, if it is on one.
	 */
	synchronized void interrupt() {
		Thread on = this.thread;
		if (on != null) {
			on.interrupt();
		}
	}

	/**
	 * Whether a later event about the file may take its place: only before it begins.
	 */
	synchronized boolean endIfWaiting() {
		return this.state == State.WAITING && end();
	}

	/**
	 * Ends it.
	 * @return whether that is new
	 */
	synchronized boolean end() {
		boolean first = this.state != State.ENDED;
		this.state = State.ENDED;
		this.thread = null;
		return first;
	}

	/**
	 * Whether it has ended: then it neither begins nor waits any more.
	 */
	@Override
	public synchronized boolean hasEnded() {
		return this.state == State.ENDED;
	}

	/**
	 * It counts among what is in flight from now on; what waits until it is due does not.
	 * @return whether there is anything to count: it may have ended
	 */
	synchronized boolean count() {
		this.counted = this.state != State.ENDED;
		return this.counted;
	}

	synchronized boolean isCounted() {
		return this.counted;
	}

	@Override
	public String toString() {
		return this.event.id() + "@" + this.event.version();
	}

}
