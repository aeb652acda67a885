package dev.holdfast.app.guard;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.DelayQueue;
import java.util.concurrent.Delayed;
import java.util.concurrent.TimeUnit;

import dev.holdfast.app.volume.Volume;
import dev.holdfast.model.MediaId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes that were seen a moment ago. Of a burst all are still here when it is noticed
 * that it is one, so that none of them has been recorded. They are not written down:
 * after a crash such a file is missing, and its replica stays.
 */
final class DelayedDeletes implements AutoCloseable {

	private static final Logger LOG = LoggerFactory.getLogger(DelayedDeletes.class);

	private static final Duration STOPPING = Duration.ofSeconds(10);

	private final DelayQueue<Waiting> queue = new DelayQueue<>();

	private final Duration delay;

	private final Decision decision;

	private final Runnable failed;

	private final Thread thread;

	/**
	 * Decides each delete when its time has come.
	 * @param failed is told of each that could not be decided
	 */
	DelayedDeletes(Duration delay, Decision decision, Runnable failed) {
		this.delay = delay;
		this.decision = decision;
		this.failed = failed;
		this.thread = Thread.ofPlatform().name("delayed-deletes").daemon().unstarted(this::run);
		this.thread.start();
	}

	/** Decides what becomes of a delete. */
	@FunctionalInterface
	interface Decision {

		void decide(Delete delete) throws IOException;

	}

	/**
	 * A delete that was seen.
	 *
	 * @param volume where
	 * @param id of which file
	 * @param generation which taking of the volume it was seen in
	 * @param due when it is to be decided, on the clock of {@link System#nanoTime()}
	 */
	record Delete(Volume volume, MediaId id, long generation, long due) implements Waiting {

		@Override
		public long getDelay(TimeUnit unit) {
			return unit.convert(this.due - System.nanoTime(), TimeUnit.NANOSECONDS);
		}

	}

	/**
	 * Ends the thread. An interrupt would meet it in the middle of a look at a volume.
	 */
	private record End() implements Waiting {

		@Override
		public long getDelay(TimeUnit unit) {
			return Long.MIN_VALUE;
		}

	}

	private sealed interface Waiting extends Delayed {

		@Override
		default int compareTo(Delayed other) {
			return Long.compare(getDelay(TimeUnit.NANOSECONDS), other.getDelay(TimeUnit.NANOSECONDS));
		}

	}

	void add(Volume volume, MediaId id, long generation) {
		this.queue.add(new Delete(volume, id, generation, System.nanoTime() + this.delay.toNanos()));
	}

	private void run() {
		try {
			while (this.queue.take() instanceof Delete delete) {
				decide(delete);
			}
		}
		catch (InterruptedException ex) {
			LOG.debug("Delayed deletes are decided when app-service stops");
		}
	}

	/**
	 * Decides what is left.
	 */
	@Override
	public void close() {
		this.queue.add(new End());
		try {
			this.thread.join(STOPPING);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		List<Waiting> left = new ArrayList<>(this.queue);
		this.queue.clear();
		for (Waiting waiting : left) {
			if (waiting instanceof Delete delete) {
				decide(delete);
			}
		}
	}

	/**
	 * Whatever goes wrong with one says nothing of the others. Its file is missing from
	 * then on, and its replica stays.
	 */
	private void decide(Delete delete) {
		try {
			this.decision.decide(delete);
		}
		catch (IOException | RuntimeException ex) {
			LOG.atWarn()
				.addKeyValue("media", delete.id())
				.setCause(ex)
				.log("A delete that was seen could not be recorded: delete the file through the API, or restore it");
			this.failed.run();
		}
	}

}
