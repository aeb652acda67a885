package dev.holdfast.worker.engine;

import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

import dev.holdfast.model.CloudEventCodec;
import dev.holdfast.model.FailureClass;
import dev.holdfast.model.MalformedEventException;
import dev.holdfast.model.MediaEvent;
import dev.holdfast.model.StoreName;
import dev.holdfast.model.Topics;
import dev.holdfast.model.WatchGap;
import dev.holdfast.worker.deadletter.DeadLetters;
import dev.holdfast.worker.retry.RetryHeaders;
import dev.holdfast.worker.retry.RetryState;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes records from the topics, reads them and hands them on. Runs on the thread that
 * polls and never throws: a record that made the listener fail would be delivered for
 * ever.
 */
final class Intake {

	private static final Logger LOG = LoggerFactory.getLogger(Intake.class);

	private final CloudEventCodec codec = new CloudEventCodec();

	private final Engine engine;

	private final Assignments assignments;

	private final StoreName store;

	private final DeadLetters deadLetters;

	private final EngineMetrics metrics;

	private final Clock clock;

	Intake(Engine engine, Assignments assignments, StoreName store, DeadLetters deadLetters, EngineMetrics metrics,
			Clock clock) {
		this.engine = engine;
		this.assignments = assignments;
		this.store = store;
		this.deadLetters = deadLetters;
		this.metrics = metrics;
		this.clock = clock;
	}

	/**
	 * A record arrived.
	 * @param acknowledge acknowledges it and all before it in its partition
	 */
	void accept(ConsumerRecord<byte[], byte[]> message, Runnable acknowledge) {
		TopicPartition partition = new TopicPartition(message.topic(), message.partition());
		Assignment assignment = this.assignments.of(partition);
		int fingerprint = 31 * Long.hashCode(message.timestamp()) + Arrays.hashCode(message.value());
		InFlightTracker tracker = switch (assignment.tracker().arrival(message.offset(), fingerprint)) {
			case NEXT -> assignment.tracker();
			case AGAIN -> null;
			case BEFORE -> wentBack(assignment, message.offset());
		};
		if (tracker == null) {
			return;
		}
		InFlightTracker.Entry entry = tracker.received(message.offset(), fingerprint, acknowledge);
		this.metrics.received();
		boolean retry = message.topic().equals(Topics.RETRIES);
		if (message.value() == null || (retry && !isOurs(message))) {
			ended(entry, Ending.NOTHING_TO_DO);
			return;
		}
		Position position = new Position(partition, message.offset());
		try {
			switch (this.codec.decodeEvent(message.value())) {
				case MediaEvent.OfFile event -> submit(event, message, retry, position, assignment, entry);
				case WatchGap _ -> ended(entry, Ending.NOTHING_TO_DO);
			}
		}
		catch (MalformedEventException ex) {
			refuse(message, position, entry, "malformed event: " + ex.getMessage());
		}
		catch (RuntimeException ex) {
			LOG.atError().addKeyValue("record", position).setCause(ex).log("Unexpected failure while reading an event");
			refuse(message, position, entry, "unexpected: " + ex);
		}
	}

	private static InFlightTracker wentBack(Assignment assignment, long offset) {
		LOG.atWarn()
			.addKeyValue("partition", assignment.partition())
			.addKeyValue("offset", offset)
			.log("The partition went back behind what was read: all from there on is carried out again");
		return assignment.beginAgain();
	}

	private void submit(MediaEvent.OfFile event, ConsumerRecord<byte[], byte[]> message, boolean retry,
			Position position, Assignment assignment, InFlightTracker.Entry entry) {
		Instant now = this.clock.instant();
		RetryState state = retry ? RetryHeaders.read(message.headers(), position.toString(), now)
				: RetryState.fresh(position.toString(), now);
		this.engine.submit(event, message.value(), state, assignment, entry, !state.due().isAfter(now));
	}

	/** Retries of all stores share a topic. */
	private boolean isOurs(ConsumerRecord<byte[], byte[]> message) {
		Optional<String> addressee = RetryHeaders.text(message.headers(), RetryHeaders.STORE);
		return addressee.isEmpty() || addressee.get().equals(this.store.value());
	}

	private void refuse(ConsumerRecord<byte[], byte[]> message, Position position, InFlightTracker.Entry entry,
			String reason) {
		LOG.atError().addKeyValue("record", position).addKeyValue("reason", reason).log("Dead letter: not an event");
		Instant now = this.clock.instant();
		DeadLetters.Cause cause = new DeadLetters.Cause(FailureClass.PERMANENT, reason, 0, now, now,
				position.toString());
		CompletableFuture<Void> _ = this.deadLetters
			.addMalformed(position.partition(), position.offset(), message.value(), cause)
			.handle((_, failure) -> {
				ended(entry, (failure == null) ? Ending.DEAD_LETTER : Ending.ABANDONED);
				return null;
			});
	}

	private void ended(InFlightTracker.Entry entry, Ending ending) {
		if (ending != Ending.ABANDONED) {
			entry.complete();
		}
		this.metrics.ended(ending);
	}

}
