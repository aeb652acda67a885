package dev.holdfast.worker.retry;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
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

	private final String name;

	private final Probe probe;

	private final boolean probeSuffices;

	private final OutageProperties properties;

	private final Consumer<GateState> listener;

	private final ProbeTimer timer;

	private final Clock clock;

	private final CircuitBreaker breaker;

	private final WaitingRoom waiting = new WaitingRoom();

	private final Set<String> failedInARow = new HashSet<>();

	private final SharedQuestion suspicion = new SharedQuestion();

	private GateStatus status;

	private Trials trials = new Trials(0);

	private boolean closed;

	/**
	 * A gate that is open.
	 * @param name what it stands before, for the log
	 * @param probeSuffices whether a probe that passes proves enough to let all through
	 * @param listener hears each change of the state, in order; must not block
	 */
	public OutageGate(String name, Probe probe, boolean probeSuffices, OutageProperties properties,
			Consumer<GateState> listener, ScheduledExecutorService timer, Clock clock) {
		this.name = name;
		this.probe = probe;
		this.probeSuffices = probeSuffices;
		this.properties = properties;
		this.listener = listener;
		this.timer = new ProbeTimer(name, properties, timer);
		this.clock = clock;
		this.status = new GateStatus(GateState.UP, clock.instant(), "");
		this.breaker = properties.newBreaker(name);
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
				|| (this.failedInARow.size() >= FILES_IN_A_ROW && this.status.state() == GateState.UP)) {
			goDown(why);
		}
		else {
			trialEnded(why);
		}
		return this.status.state() != GateState.UP;
	}

	/**
	 * Work that got through has ended in a way that says nothing.
	 */
	public synchronized void left() {
		this.breaker.releasePermission();
		if (this.status.state() == GateState.TRYING) {
			this.waiting.releaseByLot(1);
		}
	}

	/**
	 * A failure smells of an outage: asks the probe. Several that suspect at the same
	 * moment share one probe.
	 * @return whether it is an outage; the gate is closed then
	 */
	public boolean suspect(Exception why) throws InterruptedException {
		return status().state() == GateState.DOWN || this.suspicion.ask(() -> probeFails(why));
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
	public synchronized GateStatus status() {
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
		if (this.status.state() == GateState.DOWN || this.closed) {
			return;
		}
		String reason = String.valueOf(why.getMessage());
		if (this.status.state() == GateState.UP) {
			LOG.atWarn()
				.addKeyValue("gate", this.name)
				.addKeyValue("reason", reason)
				.log("Away: work waits, no attempt is spent");
			this.timer.reset();
		}
		Instant since = (this.status.state() == GateState.UP) ? this.clock.instant() : this.status.since();
		this.status = new GateStatus(GateState.DOWN, since, reason);
		this.listener.accept(GateState.DOWN);
		this.timer.schedule(this::probeAgain);
	}

	private void probeAgain() {
		try {
			this.probe.run();
		}
		catch (Exception ex) {
			synchronized (this) {
				this.status = new GateStatus(GateState.DOWN, this.status.since(), String.valueOf(ex.getMessage()));
				if (!this.closed) {
					this.timer.schedule(this::probeAgain);
				}
			}
			return;
		}
		synchronized (this) {
			if (!this.closed && (this.probeSuffices || this.waiting.isEmpty())) {
				comeUp();
			}
			else if (!this.closed) {
				tryAFew();
			}
		}
	}

	private void tryAFew() {
		this.breaker.transitionToHalfOpenState();
		this.status = new GateStatus(GateState.TRYING, this.status.since(), this.status.reason());
		this.trials = new Trials(Math.min(this.properties.trials(), this.waiting.size()));
		this.listener.accept(GateState.TRYING);
		this.waiting.releaseByLot(this.trials.left());
		this.timer.schedule(this::tryOthers);
	}

	/**
	 * Some that were let go may never have come back, because their partition was lost;
	 * then others have to try. Where nobody is missing this changes nothing.
	 */
	private synchronized void tryOthers() {
		if (this.status.state() == GateState.TRYING && !this.closed) {
			this.waiting.releaseByLot(this.trials.left());
			this.timer.schedule(this::tryOthers);
		}
	}

	/**
	 * The breaker judges by as many trials as it permits; there may be fewer to be had.
	 */
	private void trialEnded(@Nullable Exception failure) {
		if (this.status.state() != GateState.TRYING) {
			return;
		}
		this.trials.ended(failure != null);
		if (failure != null) {
			this.status = new GateStatus(GateState.TRYING, this.status.since(), String.valueOf(failure.getMessage()));
		}
		if (this.breaker.getState() == CircuitBreaker.State.CLOSED) {
			comeUp();
		}
		else if (this.trials.left() == 0 && this.trials.failureRate() >= this.properties.failureRate()) {
			goDown(new IllegalStateException(this.status.reason()));
		}
		else if (this.trials.left() == 0) {
			comeUp();
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
		this.status = new GateStatus(GateState.UP, this.clock.instant(), "");
		this.listener.accept(GateState.UP);
		this.waiting.releaseAll();
	}

}
