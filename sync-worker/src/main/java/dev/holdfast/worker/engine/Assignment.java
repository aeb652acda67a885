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

	private final InFlightTracker tracker = new InFlightTracker();

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
