package dev.holdfast.app.catalog;

import java.util.ArrayList;
import java.util.Collection;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import java.time.Duration;

import dev.holdfast.model.MediaId;

/**
 * Those who wait for a file's replication to settle. Woken by the commit that changes the
 * file, so nothing is polled.
 */
final class SettledWaits {

	private final ConcurrentMap<MediaId, Waiting> waiting = new ConcurrentHashMap<>();

	/**
	 * Asks for the state now and after each change of the file, until it is settled or
	 * the time is over.
	 */
	ReplicaState await(MediaId id, Duration atMost, Supplier<ReplicaState> state) throws InterruptedException {
		long deadline = System.nanoTime() + Math.max(0, atMost.toNanos());
		Semaphore changes = new Semaphore(0);
		enter(id, changes);
		try {
			while (true) {
				// Asked for after entering, so that no change falls in between.
				ReplicaState now = state.get();
				if (now.isSettled() || !changes.tryAcquire(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
					return now;
				}
				changes.drainPermits();
			}
		}
		finally {
			leave(id, changes);
		}
	}

	void changed(Collection<MediaId> ids) {
		if (!this.waiting.isEmpty()) {
			ids.forEach((id) -> this.waiting.computeIfPresent(id, (_, those) -> those.wake()));
		}
	}

	private void enter(MediaId id, Semaphore changes) {
		this.waiting.compute(id, (_, those) -> {
			Waiting all = (those == null) ? new Waiting() : those;
			all.changes.add(changes);
			return all;
		});
	}

	private void leave(MediaId id, Semaphore changes) {
		this.waiting.computeIfPresent(id, (_, those) -> {
			those.changes.remove(changes);
			return those.changes.isEmpty() ? null : those;
		});
	}

	private static final class Waiting {

		private final Collection<Semaphore> changes = new ArrayList<>();

		private Waiting wake() {
			this.changes.forEach(Semaphore::release);
			return this;
		}

	}

}
