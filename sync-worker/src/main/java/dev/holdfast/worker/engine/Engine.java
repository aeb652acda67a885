package dev.holdfast.worker.engine;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import java.util.function.Function;

import dev.holdfast.model.FailureClass;
import dev.holdfast.model.MediaEvent;
import dev.holdfast.model.MediaStored;
import dev.holdfast.worker.replicate.Outcome;
import dev.holdfast.worker.replicate.Replicator;
import dev.holdfast.worker.retry.Failure;
import dev.holdfast.worker.retry.InPlaceRetry;
import dev.holdfast.worker.retry.RetryState;
import dev.holdfast.worker.source.SourceException;
import dev.holdfast.worker.store.StoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries events out: in order per file, so many at a time, each in its lane, past the
 * gates, with a few attempts in place; then has it settled and completes its record.
 * <p>
 * Nothing here blocks the thread that polls, but for the bounded wait when partitions are
 * taken away.
 */
final class Engine {

	private static final Logger LOG = LoggerFactory.getLogger(Engine.class);

	private final Replicator replicator;

	private final InPlaceRetry inPlace;

	private final Settlement settlement;

	private final Gates gates;

	private final Flow flow;

	private final Waitlist waitlist;

	private final EngineMetrics metrics;

	private final FileLines lines = new FileLines();

	private final LatestVersions latest = new LatestVersions();

	private final Lane small;

	private final Lane large;

	private final long largeThreshold;

	/** Bytes of small files that may be in memory. */
	private final Semaphore memory;

	private volatile boolean stopping;

	/** The parts that an engine works with. */
	record Parts(Replicator replicator, InPlaceRetry inPlace, Settlement settlement, Gates gates, Flow flow,
			EngineMetrics metrics) {
	}

	Engine(Parts parts, Function<Consumer<Work>, Waitlist> waitlists, ReplicationProperties properties) {
		this.replicator = parts.replicator();
		this.inPlace = parts.inPlace();
		this.settlement = parts.settlement();
		this.gates = parts.gates();
		this.flow = parts.flow();
		this.metrics = parts.metrics();
		this.waitlist = waitlists.apply(this::due);
		this.largeThreshold = properties.largeThreshold().toBytes();
		this.memory = new Semaphore((int) properties.maxInFlightBytes().toBytes(), true);
		this.small = new Lane("small", properties.smallConcurrency(), this::perform);
		this.large = new Lane("large", properties.largeConcurrency(), this::perform);
	}

	/**
	 * An event arrived, from a partition that is assigned.
	 */
	void submit(MediaEvent.OfFile event, byte[] value, RetryState retry, Assignment assignment,
			InFlightTracker.Entry entry, boolean isDue) {
		boolean isLarge = event instanceof MediaStored stored && stored.size() > this.largeThreshold;
		Work work = new Work(event, value, retry, assignment, entry, isLarge ? this.large : this.small);
		assignment.add(work);
		if (this.stopping) {
			work.cancel();
			abandonIfCancelled(work);
			return;
		}
		this.latest.seen(event.id(), event.version());
		if (isDue) {
			Work older = this.waitlist.takeOlder(event.id(), event.version());
			if (older != null) {
				supersede(older);
			}
			due(work);
			return;
		}
		Work loser = this.waitlist.hold(work);
		if (loser != null) {
			supersede(loser);
		}
		this.flow.held(this.waitlist.size());
	}

	private void due(Work work) {
		this.flow.held(this.waitlist.size());
		if (!work.count()) {
			// Its partition moved on in the moment in which it was due.
			return;
		}
		this.flow.entered();
		FileLines.Step step = this.lines.join(work);
		step.superseded().forEach((other) -> finish(other, Ending.SUPERSEDED));
		if (step.start() != null && !step.start().released()) {
			abandonIfCancelled(step.start());
		}
	}

	private void supersede(Work work) {
		if (work.endIfWaiting()) {
			finish(work, Ending.SUPERSEDED);
		}
	}

	/**
	 * One round of one event, on a thread of a lane.
	 */
	private void perform(Work work) {
		if (this.stopping || !work.begin()) {
			abandonIfCancelled(work);
			return;
		}
		if (!this.gates.enter(work)) {
			abandonIfCancelled(work);
			return;
		}
		int[] attempts = { 0 };
		try {
			Outcome outcome = this.inPlace.call(() -> attempt(work, attempts));
			work.settle();
			this.gates.succeeded(work);
			settle(work, this.settlement.succeeded(work, outcome, attempts[0]));
		}
		catch (Gates.AwayException ex) {
			try {
				this.gates.left(work);
			}
			finally {
				again(work);
			}
		}
		catch (Exception | Error ex) {
			failed(work, (ex instanceof Exception known) ? known : new IllegalStateException(ex), attempts[0]);
		}
		finally {
			// An interrupt was meant for this work and not for the next one in the lane.
			Thread.interrupted();
		}
	}

	private Outcome attempt(Work work, int[] attempts) throws Exception {
		if (work.isCancelled()) {
			throw new InterruptedException();
		}
		int bytes = (work.event() instanceof MediaStored && work.size() <= this.largeThreshold) ? (int) work.size() : 0;
		this.memory.acquire(bytes);
		try {
			attempts[0]++;
			return this.replicator.carryOut(work.event());
		}
		catch (InterruptedException ex) {
			throw ex;
		}
		catch (Exception ex) {
			this.gates.check(work, ex);
			throw ex;
		}
		finally {
			this.memory.release(bytes);
		}
	}

	private void failed(Work work, Exception exception, int attempts) {
		if (work.isCancelled()) {
			this.gates.left(work);
			ended(work, Ending.ABANDONED);
			return;
		}
		Failure failure = Failure.of(exception);
		if (failure.failureClass() == FailureClass.OUTAGE) {
			this.gates.left(work);
			this.gates.throttled(exception);
			again(work);
			return;
		}
		if (!Failure.countsAgainstStore(exception)) {
			this.gates.left(work);
		}
		else if (this.gates.failed(work, exception)) {
			again(work);
			return;
		}
		if (!(exception instanceof StoreException || exception instanceof SourceException)) {
			LOG.atError().addKeyValue("media", work.event().id()).setCause(exception).log("Unexpected failure");
		}
		work.settle();
		// The lane, read again after a restart, holds twice what was put back into it.
		boolean goesOnElsewhere = this.latest.isOvertaken(work.event().id(), work.event().version())
				|| this.waitlist.holds(work.event().id(), work.event().version(), work.retry().rounds() + 1);
		if (goesOnElsewhere) {
			ended(work, Ending.SUPERSEDED);
		}
		else {
			settle(work, this.settlement.failed(work, failure, attempts));
		}
	}

	/**
	 * Back into its lane, to wait at the gate that is closed now.
	 */
	private void again(Work work) {
		work.parked();
		if (!work.released()) {
			abandonIfCancelled(work);
		}
	}

	private void settle(Work work, CompletableFuture<Ending> settled) {
		CompletableFuture<Void> _ = settled.handle((ending, failure) -> {
			// It fails only where the worker stops; then the record comes again.
			ended(work, (failure == null) ? ending : Ending.ABANDONED);
			return null;
		});
	}

	private void ended(Work work, Ending ending) {
		if (work.end()) {
			finish(work, ending);
		}
	}

	/** For work that has just ended. */
	private void finish(Work work, Ending ending) {
		if (ending != Ending.ABANDONED) {
			work.entry().complete();
		}
		this.metrics.ended(ending);
		if (ending == Ending.REPLICATED) {
			this.metrics.replicated(work.size(), System.nanoTime() - work.receivedAt());
		}
		work.assignment().remove(work);
		this.waitlist.remove(work);
		if (work.isCounted()) {
			this.flow.left();
		}
		else {
			this.flow.held(this.waitlist.size());
		}
		Work next = this.lines.leave(work);
		if (next != null && !next.released()) {
			abandonIfCancelled(next);
		}
	}

	/**
	 * The worker stops: nothing is started any more.
	 */
	void stopping() {
		this.stopping = true;
		this.flow.pauseAll(Flow.Reason.DRAIN);
	}

	int waitingRetries() {
		return this.waitlist.size();
	}

	/**
	 * The bindings have come about.
	 */
	void bound() {
		this.flow.apply();
	}

	/**
	 * Ends work that was cancelled before it began.
	 */
	void abandonIfCancelled(Work work) {
		if (work.isCancelled() && work.endIfWaiting()) {
			finish(work, Ending.ABANDONED);
		}
	}

}
