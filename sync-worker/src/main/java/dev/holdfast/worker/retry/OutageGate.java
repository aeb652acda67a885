package dev.holdfast.worker.retry;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stands before a store or a volume. While that is away, work waits here, which costs it
 * no attempt; when it is back, a few are let through to try, and then all.
 * <p>
 * The gate closes at once when a failure that smells of an outage is confirmed by a
 * probe. It also closes without a probe's word, when most calls fail though the probe
 * passes, as with credentials that may look at a bucket and not write to it: on the share
 * of failures, and, where there is little traffic, when several files fail in a row.
 * <p>
 * Which of those that wait are tried first is drawn by lot: a few files that can never
 * succeed must not keep the gate closed for all others.
 */
public final class OutageGate implements AutoCloseable {

	/** Files that fail, with none succeeding in between, before it is not about them. */
	static final int FILES_IN_A_ROW = 3;

	private static final Logger LOG = LoggerFactory.getLogger(OutageGate.class);

	private static final Duration NEVER_BY_ITSELF = Duration.ofDays(10_000);

	private final String name;

	private final Probe probe;

	private final boolean probeSuffices;

	private final OutageProperties properties;

	private final Listener listener;

	private final ScheduledExecutorService timer;

	private final Clock clock;

	private final CircuitBreaker breaker;

	private final List<Waiter> waiting = new ArrayList<>();

	private final Set<String> failedInARow = new HashSet<>();

	private CompletableFuture<Boolean> suspicion = CompletableFuture.completedFuture(false);

	private Status status;

	private Duration delay;

	private int trialsLeft;

	private int trialFailures;

	private int trials;

	private boolean closed;

	/** Asks whether what the gate stands before is there. */
	@FunctionalInterface
	public interface Probe {

		/**
		 * Returns where it is there.
		 * @throws Exception where it is not; the message says why
		 */
		void run() throws Exception;

	}

	/** Work that may have to wait. */
	public interface Waiter {

		/**
		 * It has to wait; called within {@link OutageGate#enter}.
		 */
		void parked();

		/**
		 * It may try to enter again.
		 * @return whether it still wants to
		 */
		boolean released();

	}

	/** Hears when the gate closes and opens. Called in order; must not block. */
	public interface Listener {

		/**
		 * The gate's state has changed.
		 */
		void changed(State state);

	}

	/** Whether work gets through. */
	public enum State {

		/** All of it. */
		UP,

		/** None of it. */
		DOWN,

		/** A few, to see whether it works again. */
		TRYING

	}

	/**
	 * How the gate stands.
	 *
	 * @param state whether work gets through
	 * @param since since when, an outage counting as one until it is over
	 * @param reason why not, empty where it does
	 */
	public record Status(State state, Instant since, String reason) {
	}

	/**
	 * A gate that is open.
	 * @param name what it stands before, for the log
	 * @param probeSuffices whether a probe that passes proves enough to let all through
	 */
	public OutageGate(String name, Probe probe, boolean probeSuffices, OutageProperties properties, Listener listener,
			ScheduledExecutorService timer, Clock clock) {
		this.name = name;
		this.probe = probe;
		this.probeSuffices = probeSuffices;
		this.properties = properties;
		this.listener = listener;
		this.timer = timer;
		this.clock = clock;
		this.delay = properties.probeInterval();
		this.status = new Status(State.UP, clock.instant(), "");
		this.breaker = CircuitBreaker.of(name,
				CircuitBreakerConfig.custom()
					.slidingWindow((int) properties.window().toSeconds(), properties.minimumCalls(),
							SlidingWindowType.TIME_BASED)
					.failureRateThreshold(properties.failureRate())
					.slowCallRateThreshold(100)
					.slowCallDurationThreshold(NEVER_BY_ITSELF)
					.waitDurationInOpenState(NEVER_BY_ITSELF)
					.permittedNumberOfCallsInHalfOpenState(properties.trials())
					.build());
	}

	/**
	 * Lets work through or has it wait. Who got through has to say how it went, by
	 * {@link #succeeded}, {@link #failed} or {@link #left}.
	 * @return whether it got through
	 */
	public synchronized boolean enter(Waiter waiter) {
		if (this.breaker.tryAcquirePermission()) {
			return true;
		}
		waiter.parked();
		this.waiting.add(waiter);
		return false;
	}

	/**
	 * Work that got through has succeeded.
	 */
	public synchronized void succeeded() {
		this.failedInARow.clear();
		this.breaker.onSuccess(0, TimeUnit.NANOSECONDS);
		trialEnded(null);
	}

	/**
	 * Work that got through has failed in a way that may be an outage's.
	 * @param key what it was about, so that one file that fails again and again is not
	 * taken for many
	 * @return whether the gate is not open, so that the failure is none of the work's own
	 */
	public synchronized boolean failed(String key, Exception why) {
		this.failedInARow.add(key);
		this.breaker.onError(0, TimeUnit.NANOSECONDS, why);
		if (this.breaker.getState() == CircuitBreaker.State.OPEN
				|| (this.failedInARow.size() >= FILES_IN_A_ROW && this.status.state() == State.UP)) {
			goDown(why);
		}
		else {
			trialEnded(why);
		}
		return this.status.state() != State.UP;
	}

	/**
	 * Work that got through has ended in a way that says nothing.
	 */
	public synchronized void left() {
		this.breaker.releasePermission();
		if (this.status.state() == State.TRYING) {
			releaseByLot(1);
		}
	}

	/**
	 * A failure smells of an outage: asks the probe. Several that suspect at the same
	 * moment share one probe.
	 * @return whether it is an outage; the gate is closed then
	 */
	public boolean suspect(Exception why) throws InterruptedException {
		CompletableFuture<Boolean> verdict;
		synchronized (this) {
			if (this.status.state() == State.DOWN) {
				return true;
			}
			if (this.suspicion.isDone()) {
				CompletableFuture<Boolean> mine = new CompletableFuture<>();
				this.suspicion = mine;
				Thread.ofVirtual().name("probe " + this.name).start(() -> mine.complete(probeFails(why)));
			}
			verdict = this.suspicion;
		}
		try {
			return verdict.get();
		}
		catch (ExecutionException ex) {
			throw new IllegalStateException("The probe of " + this.name + " did not end", ex);
		}
	}

	/**
	 * It is an outage, and no probe is needed to say so: closes the gate.
	 */
	public synchronized void away(Exception why) {
		goDown(why);
	}

	/**
	 * How the gate stands.
	 */
	public synchronized Status status() {
		return this.status;
	}

	/**
	 * How much work waits here.
	 */
	public synchronized int waiting() {
		return this.waiting.size();
	}

	@Override
	public synchronized void close() {
		this.closed = true;
		this.waiting.clear();
	}

	private boolean probeFails(Exception why) {
		try {
			this.probe.run();
			return false;
		}
		catch (Exception ex) {
			ex.addSuppressed(why);
			away(ex);
			return true;
		}
	}

	private void goDown(Exception why) {
		if (this.breaker.getState() != CircuitBreaker.State.OPEN) {
			this.breaker.transitionToOpenState();
		}
		if (this.status.state() == State.DOWN || this.closed) {
			return;
		}
		String reason = String.valueOf(why.getMessage());
		if (this.status.state() == State.UP) {
			LOG.atWarn()
				.addKeyValue("gate", this.name)
				.addKeyValue("reason", reason)
				.log("Away: work waits, no attempt is spent");
			this.delay = this.properties.probeInterval();
			this.status = new Status(State.DOWN, this.clock.instant(), reason);
		}
		else {
			this.status = new Status(State.DOWN, this.status.since(), reason);
		}
		this.listener.changed(State.DOWN);
		scheduleProbe();
	}

	private void schedule(Runnable task) {
		try {
			Future<?> _ = this.timer.schedule(() -> Thread.ofVirtual().name("gate " + this.name).start(task),
					this.delay.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (RejectedExecutionException ex) {
			LOG.debug("{} is not asked any more: the worker stops", this.name, ex);
		}
	}

	private void scheduleProbe() {
		schedule(this::probeAgain);
		Duration longer = this.delay.multipliedBy(3).dividedBy(2);
		this.delay = (longer.compareTo(this.properties.maxProbeInterval()) < 0) ? longer
				: this.properties.maxProbeInterval();
	}

	private void probeAgain() {
		try {
			this.probe.run();
		}
		catch (Exception ex) {
			synchronized (this) {
				this.status = new Status(State.DOWN, this.status.since(), String.valueOf(ex.getMessage()));
				if (!this.closed) {
					scheduleProbe();
				}
			}
			return;
		}
		synchronized (this) {
			if (this.closed) {
				return;
			}
			if (this.probeSuffices || this.waiting.isEmpty()) {
				comeUp();
			}
			else {
				tryAFew();
			}
		}
	}

	private void tryAFew() {
		this.breaker.transitionToHalfOpenState();
		this.status = new Status(State.TRYING, this.status.since(), this.status.reason());
		this.trials = Math.min(this.properties.trials(), this.waiting.size());
		this.trialsLeft = this.trials;
		this.trialFailures = 0;
		this.listener.changed(State.TRYING);
		releaseByLot(this.trials);
		schedule(this::tryOthers);
	}

	/**
	 * Some that were let go may never have come back, because their partition was lost;
	 * then others have to try. Where nobody is missing this changes nothing.
	 */
	private synchronized void tryOthers() {
		if (this.status.state() == State.TRYING && !this.closed) {
			releaseByLot(this.trialsLeft);
			schedule(this::tryOthers);
		}
	}

	/**
	 * The breaker judges by as many trials as it permits; there may be fewer to be had.
	 */
	private void trialEnded(@Nullable Exception failure) {
		if (this.status.state() != State.TRYING) {
			return;
		}
		this.trialsLeft--;
		if (failure != null) {
			this.trialFailures++;
			this.status = new Status(State.TRYING, this.status.since(), String.valueOf(failure.getMessage()));
		}
		if (this.breaker.getState() == CircuitBreaker.State.CLOSED) {
			comeUp();
		}
		else if (this.trialsLeft <= 0) {
			if (this.trialFailures * 100 >= this.properties.failureRate() * this.trials) {
				goDown(new IllegalStateException(this.status.reason()));
			}
			else {
				comeUp();
			}
		}
	}

	private void comeUp() {
		if (this.breaker.getState() != CircuitBreaker.State.CLOSED) {
			this.breaker.transitionToClosedState();
		}
		LOG.atInfo()
			.addKeyValue("gate", this.name)
			.addKeyValue("away", Duration.between(this.status.since(), this.clock.instant()))
			.addKeyValue("waiting", this.waiting.size())
			.log("Back: work goes on");
		this.failedInARow.clear();
		this.status = new Status(State.UP, this.clock.instant(), "");
		this.listener.changed(State.UP);
		List<Waiter> all = List.copyOf(this.waiting);
		this.waiting.clear();
		for (Waiter waiter : all) {
			waiter.released();
		}
	}

	private void releaseByLot(int count) {
		Collections.shuffle(this.waiting);
		int left = count;
		while (left > 0 && !this.waiting.isEmpty()) {
			left -= this.waiting.removeLast().released() ? 1 : 0;
		}
	}

}
