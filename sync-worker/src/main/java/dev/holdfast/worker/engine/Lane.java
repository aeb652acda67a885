package dev.holdfast.worker.engine;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

/**
 * Places for so many works at a time, first come first served. Large files have a lane of
 * their own, so that they never take a place from small ones.
 * <p>
 * A virtual thread holds a place and takes work after work while there is any: a queue of
 * thousands costs no thousands of threads.
 */
final class Lane {

	private final String name;

	private final int places;

	private final Consumer<Work> perform;

	private final Deque<Work> queue = new ArrayDeque<>();

	private int taken;

	private long started;

	/**
	 * A lane.
	 * @param perform does the work; must not throw
	 */
	Lane(String name, int places, Consumer<Work> perform) {
		this.name = name;
		this.places = places;
		this.perform = perform;
	}

	void submit(Work work) {
		synchronized (this) {
			this.queue.addLast(work);
			if (this.taken == this.places) {
				return;
			}
			this.taken++;
			this.started++;
		}
		Thread.ofVirtual().name(this.name + "-" + this.started).start(this::takePlace);
	}

	private void takePlace() {
		for (Work work = next(); work != null; work = next()) {
			this.perform.accept(work);
		}
	}

	private synchronized @Nullable Work next() {
		Work work = this.queue.pollFirst();
		if (work == null) {
			this.taken--;
		}
		return work;
	}

	synchronized int queued() {
		return this.queue.size();
	}

}
