package dev.holdfast.app.outbox;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

import dev.holdfast.app.catalog.Catalog;
import dev.holdfast.app.catalog.CatalogException;
import dev.holdfast.app.catalog.OutboxEvent;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes the events of the outbox, each at least once, those of one file in the order
 * in which they were recorded, and removes them when Kafka has acknowledged them.
 * <p>
 * An event is sent only when every earlier one of its file is acknowledged. So a send
 * that fails leaves nothing behind it that would have to be sent again, and what the log
 * keeps of a file in the end, after compaction too, is its latest event. Files do not
 * wait for each other. When sends fail, one event at a time is tried until one gets
 * through.
 * <p>
 * Sleeps until an event is recorded, acknowledged, or Kafka comes back.
 */
public final class OutboxRelay implements AutoCloseable {

	private static final Logger LOG = LoggerFactory.getLogger(OutboxRelay.class);

	/** Events held in memory: enough to keep the producer's batches full. */
	private static final int MOST_HELD = 1000;

	private static final Duration FIRST_PAUSE = Duration.ofMillis(100);

	private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

	private static final Duration STOPPING = Duration.ofSeconds(5);

	private final Catalog catalog;

	private final EventSender sender;

	private final BooleanSupplier reachable;

	private final Runnable doubt;

	private final Semaphore signals = new Semaphore(0);

	private final Queue<Outcome> outcomes = new ConcurrentLinkedQueue<>();

	private final Map<String, Deque<OutboxEvent>> lanes = new HashMap<>();

	private final Deque<OutboxEvent> failed = new ArrayDeque<>();

	/** Files of which Kafka refused an event: later ones must not pass it. */
	private final Set<String> refusedFiles = new HashSet<>();

	/** Acknowledged by Kafka and not yet removed from the outbox. */
	private final List<Long> acknowledged = new ArrayList<>();

	private final Thread thread;

	private long read;

	private int held;

	private int inFlight;

	private Duration pause = FIRST_PAUSE;

	private volatile @Nullable String trouble;

	private final AtomicInteger refused = new AtomicInteger();

	private volatile boolean closed;

	/**
	 * A relay that does nothing before {@link #start()}.
	 * @param reachable whether it makes sense to try
	 * @param doubt is told that a send failed
	 */
	OutboxRelay(Catalog catalog, EventSender sender, BooleanSupplier reachable, Runnable doubt) {
		this.catalog = catalog;
		this.sender = sender;
		this.reachable = reachable;
		this.doubt = doubt;
		this.thread = Thread.ofPlatform().name("outbox-relay").daemon().unstarted(this::run);
		catalog.onOutboxEvent(this::wake);
	}

	void start() {
		this.thread.start();
	}

	/**
	 * Says that there may be something to do.
	 */
	public void wake() {
		this.signals.release();
	}

	/**
	 * Why events wait longer than they have to; {@code null} where they do not.
	 */
	public @Nullable String trouble() {
		return this.trouble;
	}

	/**
	 * How many events Kafka refuses for what they are, so that a person has to act.
	 */
	public int refused() {
		return this.refused.get();
	}

	private void run() {
		while (!this.closed || this.inFlight > 0) {
			try {
				settle();
				if (!this.closed) {
					send();
				}
				record();
				if (!this.closed || this.inFlight > 0) {
					await();
				}
			}
			catch (CatalogException ex) {
				enter("the catalog does not answer: " + ex.getMessage());
				pause();
			}
		}
	}

	/**
	 * Takes note of what became of the events that were sent.
	 */
	private void settle() {
		List<OutboxEvent> next = new ArrayList<>();
		for (Outcome outcome = this.outcomes.poll(); outcome != null; outcome = this.outcomes.poll()) {
			this.inFlight--;
			if (outcome.problem() == null) {
				this.acknowledged.add(outcome.event().seq());
				acknowledged(outcome.event(), next);
			}
			else {
				failed(outcome.event(), outcome.problem());
			}
		}
		if (!this.acknowledged.isEmpty()) {
			leave();
			if (!this.closed) {
				next.forEach(this::dispatch);
			}
		}
	}

	/**
	 * Removes from the outbox what is acknowledged: after new events have been sent,
	 * which would wait for the catalog otherwise.
	 */
	private void record() {
		if (!this.acknowledged.isEmpty()) {
			this.catalog.recordPublished(this.acknowledged);
			this.acknowledged.clear();
		}
	}

	private void acknowledged(OutboxEvent event, List<OutboxEvent> next) {
		this.held--;
		String file = fileOf(event);
		Deque<OutboxEvent> lane = this.lanes.get(file);
		if (lane != null) {
			lane.removeFirst();
			if (lane.isEmpty()) {
				this.lanes.remove(file);
			}
			else {
				next.add(lane.getFirst());
			}
		}
	}

	private void failed(OutboxEvent event, Exception problem) {
		if (problem instanceof RecordTooLargeException) {
			// Trying again changes nothing, and the file's later events must not pass it.
			// None of them is held in memory until the next start reads them again, or
			// enough of them would leave no room for those of other files.
			this.refused.incrementAndGet();
			this.refusedFiles.add(fileOf(event));
			Deque<OutboxEvent> lane = this.lanes.remove(fileOf(event));
			this.held -= (lane == null) ? 0 : lane.size();
			LOG.atError()
				.addKeyValue("media", fileOf(event))
				.log("Event refused by Kafka, it and later ones of this file wait: raise max.message.bytes of the topic"
						+ " to 65536 or more and start app-service again: {}", problem.getMessage());
			return;
		}
		this.failed.add(event);
		enter(String.valueOf(problem.getMessage()));
		this.doubt.run();
	}

	private void send() {
		if (!this.reachable.getAsBoolean()) {
			return;
		}
		if (this.trouble != null) {
			probe();
			return;
		}
		while (!this.failed.isEmpty() && this.trouble == null) {
			dispatch(this.failed.removeFirst());
		}
		while (this.trouble == null && this.held < MOST_HELD) {
			List<OutboxEvent> events = this.catalog.outboxAfter(this.read, MOST_HELD - this.held);
			if (events.isEmpty()) {
				return;
			}
			events.forEach(this::take);
		}
	}

	/**
	 * One event at a time while sends fail, each file's turn in order.
	 */
	private void probe() {
		if (this.inFlight > 0) {
			return;
		}
		if (!this.failed.isEmpty()) {
			pause();
			if (!this.closed) {
				dispatch(this.failed.removeFirst());
			}
			return;
		}
		// What failed was the catalog.
		List<OutboxEvent> events = this.catalog.outboxAfter(this.read, 1);
		events.forEach(this::take);
		if (events.isEmpty()) {
			leave();
		}
	}

	private void take(OutboxEvent event) {
		this.read = event.seq();
		if (this.refusedFiles.contains(fileOf(event))) {
			return;
		}
		this.held++;
		Deque<OutboxEvent> lane = this.lanes.computeIfAbsent(fileOf(event), (_) -> new ArrayDeque<>(1));
		lane.add(event);
		if (lane.size() == 1) {
			dispatch(event);
		}
	}

	private void dispatch(OutboxEvent event) {
		this.inFlight++;
		try {
			this.sender.send(event.key(), event.value(), (problem) -> {
				this.outcomes.add(new Outcome(event, problem));
				wake();
			});
		}
		catch (RuntimeException ex) {
			this.inFlight--;
			failed(event, ex);
		}
	}

	private void enter(String reason) {
		if (this.trouble == null) {
			LOG.atWarn()
				.addKeyValue("reason", reason)
				.log("Events are not taken: uploads go on, their events wait in the outbox");
		}
		this.trouble = reason;
	}

	private void leave() {
		if (this.trouble != null) {
			LOG.atInfo().addKeyValue("failed", this.failed.size()).log("Events are taken again");
			this.trouble = null;
		}
		this.pause = FIRST_PAUSE;
	}

	private void await() {
		boolean more = this.trouble != null && this.inFlight == 0 && this.reachable.getAsBoolean();
		if (more && !this.closed) {
			return; // probe() makes the pause
		}
		this.signals.acquireUninterruptibly();
		this.signals.drainPermits();
	}

	private void pause() {
		try {
			if (this.signals.tryAcquire(this.pause.toMillis(), TimeUnit.MILLISECONDS) && !this.closed) {
				// New events do not make a broken send work: sleep on.
				this.signals.drainPermits();
				TimeUnit.MILLISECONDS.sleep(FIRST_PAUSE.toMillis());
			}
		}
		catch (InterruptedException ex) {
			LOG.debug("Woken to stop");
		}
		this.pause = this.pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE
				: this.pause.multipliedBy(2);
	}

	private static String fileOf(OutboxEvent event) {
		return new String(event.key(), StandardCharsets.UTF_8);
	}

	/**
	 * Sends nothing more, and waits for what is on its way. What stays is published after
	 * the next start.
	 */
	@Override
	public void close() {
		this.closed = true;
		wake();
		try {
			this.thread.join(STOPPING);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		this.sender.close();
		try {
			this.thread.join(STOPPING);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private record Outcome(OutboxEvent event, @Nullable Exception problem) {

	}

}
