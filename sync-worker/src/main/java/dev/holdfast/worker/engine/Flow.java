package dev.holdfast.worker.engine;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets the topics flow, or not. A binding is paused while at least one reason says so. A
 * paused consumer goes on polling, so that it keeps its partitions.
 */
final class Flow implements AutoCloseable {

	private static final Logger LOG = LoggerFactory.getLogger(Flow.class);

	private final BindingSwitch bindings;

	private final int most;

	private final int mostHeld;

	/** One at a time and off the threads that poll, as a binding has a lock. */
	private final ExecutorService switcher = Executors
		.newSingleThreadExecutor(Thread.ofVirtual().name("flow").factory());

	private final Map<Source, Set<Reason>> reasons = new EnumMap<>(Source.class);

	private int inFlight;

	private int held;

	/** What the engine reads from. */
	enum Source {

		EVENTS, RETRIES

	}

	/** Why a source is paused. */
	enum Reason {

		/** The store is away. */
		OUTAGE,

		/** Enough is in flight. */
		BACKLOG,

		/** Enough is held until it is due. */
		HELD,

		/** The worker stops. */
		DRAIN

	}

	/** Pauses and resumes the binding of a source. */
	@FunctionalInterface
	interface BindingSwitch {

		/**
		 * Brings the binding to what is wanted, whatever it was; does nothing while it
		 * does not exist.
		 */
		void set(Source source, boolean paused);

	}

	/**
	 * Flow within bounds.
	 * @param most how many may be in flight before no new events are read
	 * @param mostHeld how many retries may be held until they are due; and how many may
	 * be in flight before no retries are read, either
	 */
	Flow(BindingSwitch bindings, int most, int mostHeld) {
		this.bindings = bindings;
		this.most = most;
		this.mostHeld = mostHeld;
		for (Source source : Source.values()) {
			this.reasons.put(source, EnumSet.noneOf(Reason.class));
		}
	}

	synchronized void entered() {
		this.inFlight++;
		if (this.inFlight >= this.most) {
			pause(Source.EVENTS, Reason.BACKLOG);
		}
		if (this.inFlight >= mostWithRetries()) {
			// After a long stop all of the lane is due at once, and is not held.
			pause(Source.RETRIES, Reason.BACKLOG);
		}
	}

	synchronized void left() {
		this.inFlight--;
		if (this.inFlight <= this.most * 3 / 4) {
			resume(Source.EVENTS, Reason.BACKLOG);
		}
		if (this.inFlight <= mostWithRetries() * 3 / 4) {
			resume(Source.RETRIES, Reason.BACKLOG);
		}
	}

	/** Events alone must not keep the retries out. */
	private int mostWithRetries() {
		return Math.max(this.most, this.mostHeld);
	}

	synchronized void held(int count) {
		this.held = count;
		if (this.held >= this.mostHeld) {
			pause(Source.RETRIES, Reason.HELD);
		}
		else if (this.held <= this.mostHeld * 3 / 4) {
			resume(Source.RETRIES, Reason.HELD);
		}
	}

	synchronized void pauseAll(Reason reason) {
		for (Source source : Source.values()) {
			pause(source, reason);
		}
	}

	synchronized void resumeAll(Reason reason) {
		for (Source source : Source.values()) {
			resume(source, reason);
		}
	}

	synchronized int inFlight() {
		return this.inFlight;
	}

	synchronized boolean isPaused(Source source) {
		return !reasons(source).isEmpty();
	}

	/**
	 * Applies what is wanted to bindings that may have come about meanwhile.
	 */
	void apply() {
		for (Source source : Source.values()) {
			apply(source);
		}
	}

	private void pause(Source source, Reason reason) {
		Set<Reason> present = reasons(source);
		if (present.add(reason) && present.size() == 1) {
			LOG.atDebug().addKeyValue("source", source).addKeyValue("reason", reason).log("Pausing");
			apply(source);
		}
	}

	private void resume(Source source, Reason reason) {
		Set<Reason> present = reasons(source);
		if (present.remove(reason) && present.isEmpty()) {
			LOG.atDebug().addKeyValue("source", source).addKeyValue("reason", reason).log("Resuming");
			apply(source);
		}
	}

	private void apply(Source source) {
		try {
			// Asks again when it runs: of many changes the last one counts.
			this.switcher.execute(() -> this.bindings.set(source, isPaused(source)));
		}
		catch (RejectedExecutionException ex) {
			LOG.debug("{} stays as it is: the worker stops", source, ex);
		}
	}

	private Set<Reason> reasons(Source source) {
		return this.reasons.computeIfAbsent(source, (absent) -> EnumSet.noneOf(Reason.class));
	}

	@Override
	public void close() {
		this.switcher.close();
	}

}
