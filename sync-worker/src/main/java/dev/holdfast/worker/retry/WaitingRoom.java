package dev.holdfast.worker.retry;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * What waits at a gate. Not safe for use by several threads: the gate has a lock.
 */
final class WaitingRoom {

	/** Fewer than this are kept as they are until the gate opens. */
	static final int LEAST_TO_TIDY = 1000;

	private final List<Waiter> waiting = new ArrayList<>();

	private int tidyAt = LEAST_TO_TIDY;

	void add(Waiter waiter) {
		this.waiting.add(waiter);
		if (this.waiting.size() >= this.tidyAt) {
			// Each time partitions move on, what waits ends and comes again as other
			// work.
			this.waiting.removeIf(Waiter::hasEnded);
			this.tidyAt = Math.max(LEAST_TO_TIDY, 2 * this.waiting.size());
		}
	}

	int size() {
		return this.waiting.size();
	}

	boolean isEmpty() {
		return this.waiting.isEmpty();
	}

	void clear() {
		this.waiting.clear();
	}

	void releaseAll() {
		List<Waiter> all = List.copyOf(this.waiting);
		this.waiting.clear();
		for (Waiter waiter : all) {
			waiter.released();
		}
	}

	/**
	 * Releases so many, drawn by lot.
	 */
	void releaseByLot(int count) {
		Collections.shuffle(this.waiting);
		int left = count;
		while (left > 0 && !this.waiting.isEmpty()) {
			left -= this.waiting.removeLast().released() ? 1 : 0;
		}
	}

}
