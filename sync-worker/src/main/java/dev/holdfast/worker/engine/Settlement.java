package dev.holdfast.worker.engine;

import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

import dev.holdfast.model.FailureClass;
import dev.holdfast.model.LedgerRecord;
import dev.holdfast.model.ReplicationFailed;
import dev.holdfast.worker.deadletter.DeadLetters;
import dev.holdfast.worker.ledger.LedgerEntries;
import dev.holdfast.worker.ledger.LedgerWriter;
import dev.holdfast.worker.replicate.Outcome;
import dev.holdfast.worker.retry.Failure;
import dev.holdfast.worker.retry.RetryLane;
import dev.holdfast.worker.retry.RetryPlan;
import dev.holdfast.worker.retry.RetryState;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes down what became of an event, everywhere it has to be, before its record counts
 * as done: the retry lane or the dead letters first, then the ledger.
 */
final class Settlement {

	private static final Logger LOG = LoggerFactory.getLogger(Settlement.class);

	private final LedgerEntries entries;

	private final LedgerWriter ledger;

	private final RetryPlan plan;

	private final RetryLane lane;

	private final DeadLetters deadLetters;

	private final Clock clock;

	Settlement(LedgerEntries entries, LedgerWriter ledger, RetryPlan plan, RetryLane lane, DeadLetters deadLetters,
			Clock clock) {
		this.entries = entries;
		this.ledger = ledger;
		this.plan = plan;
		this.lane = lane;
		this.deadLetters = deadLetters;
		this.clock = clock;
	}

	/**
	 * The event was carried out.
	 * @param attempts how many attempts this round took
	 * @return completes when it is written down
	 */
	CompletableFuture<Ending> succeeded(Work work, Outcome outcome, int attempts) {
		if (work.retry().rounds() > 0) {
			LOG.atInfo()
				.addKeyValue("media", work.event().id())
				.addKeyValue("rounds", work.retry().rounds())
				.log("Recovered");
		}
		Optional<LedgerRecord> entry = this.entries.of(work.event(), outcome, work.retry().attempts() + attempts);
		Ending ending = Ending.of(outcome);
		return entry.map((present) -> this.ledger.write(present).thenApply((_) -> ending))
			.orElseGet(() -> CompletableFuture.completedFuture(ending));
	}

	/**
	 * The event could not be carried out, and no outage explains it.
	 * @param attempts how many attempts this round took
	 * @return completes when it waits in the lane or is a dead letter, and the ledger
	 * says so
	 */
	CompletableFuture<Ending> failed(Work work, Failure failure, int attempts) {
		Instant now = this.clock.instant();
		Optional<RetryState> next = (failure.failureClass() == FailureClass.PERMANENT) ? Optional.empty()
				: this.plan.next(work.retry(), attempts, failure, now);
		return next.map((state) -> retryLater(work, failure, state, now))
			.orElseGet(() -> giveUp(work, failure, attempts, now));
	}

	private CompletableFuture<Ending> retryLater(Work work, Failure failure, RetryState state, Instant now) {
		if (state.rounds() == 1) {
			LOG.atWarn()
				.addKeyValue("media", work.event().id())
				.addKeyValue("due", state.due())
				.addKeyValue("reason", failure.reason())
				.log("Replication failed and is tried again later");
		}
		ReplicationFailed entry = new ReplicationFailed(work.event().id(), work.event().version(), this.entries.store(),
				now, FailureClass.STUBBORN, failure.reason(), state.attempts(), state.due());
		return this.lane.add(work.event().key(), work.value(), state, failure.reason())
			.thenCompose((_) -> this.ledger.write(entry))
			.thenApply((_) -> Ending.RETRY_LANE);
	}

	private CompletableFuture<Ending> giveUp(Work work, Failure failure, int attempts, Instant now) {
		int all = work.retry().attempts() + attempts;
		// A file that is missing was worth some attempts; nothing but a person brings it
		// back.
		FailureClass failureClass = failure.missing() ? FailureClass.PERMANENT : failure.failureClass();
		Instant firstFailure = (work.retry().rounds() == 0) ? now : work.retry().firstFailure();
		LOG.atError()
			.addKeyValue("media", work.event().id())
			.addKeyValue("attempts", all)
			.addKeyValue("reason", failure.reason())
			.log("Dead letter: not replicated until it is redriven");
		ReplicationFailed entry = new ReplicationFailed(work.event().id(), work.event().version(), this.entries.store(),
				now, failureClass, failure.reason(), all, null);
		return this.deadLetters
			.add(work.event().id(), work.value(),
					new DeadLetters.Cause(failureClass, failure.reason(), all, firstFailure, now,
							work.retry().origin()))
			.thenCompose((_) -> this.ledger.write(entry))
			.thenApply((_) -> Ending.DEAD_LETTER);
	}

}
