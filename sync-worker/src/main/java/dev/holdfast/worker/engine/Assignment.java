package dev.holdfast.worker.engine;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import org.apache.kafka.common.TopicPartition;

/**
 * One partition for as long as it is ours, and the work that came from it.
 */
final class Assignment {

	private final TopicPartition partition;

	private volatile InFlightTracker tracker = new InFlightTracker();

	private final Set<Work> works = new HashSet<>();

	Assignment(TopicPartition partition) {
		this.partition = partition;
	}

	TopicPartition partition() {
		return this.partition;
	}

	InFlightTracker tracker() {
		return this.tracker;
	}

	/**
	 * The partition went back: what comes is tracked anew, and of what came before
	 * nothing is acknowledged any more. The work on that goes on all the same, as some of
	 * it may be on no topic any more; what comes again finds it done.
	 */
	InFlightTracker beginAgain() {
		this.tracker.drop();
		InFlightTracker fresh = new InFlightTracker();
		this.tracker = fresh;
		return fresh;
	}

	synchronized void add(Work work) {
		this.works.add(work);
	}

	synchronized void remove(Work work) {
		this.works.remove(work);
		notifyAll();
	}

	synchronized List<Work> works() {
		return List.copyOf(this.works);
	}

	/**
	 * Waits until no work is left.
	 * @return whether none is
	 */
	synchronized boolean awaitNone(Duration atMost) throws InterruptedException {
		long deadline = System.nanoTime() + atMost.toNanos();
		while (!this.works.isEmpty()) {
			long left = deadline - System.nanoTime();
			if (left <= 0) {
				return false;
			}
			TimeUnit.NANOSECONDS.timedWait(this, left);
		}
		return true;
	}

}
