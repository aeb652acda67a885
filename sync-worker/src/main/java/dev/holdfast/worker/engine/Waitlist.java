package dev.holdfast.worker.engine;

import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import dev.holdfast.model.MediaId;
import dev.holdfast.model.Version;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What was read from the retry lane and is not due yet; one event per file, the latest.
 */
final class Waitlist {

	private static final Logger LOG = LoggerFactory.getLogger(Waitlist.class);

	private final Map<MediaId, Held> held = new HashMap<>();

	private final Consumer<Work> due;

	private final ScheduledExecutorService timer;

	private final Clock clock;

	/**
	 * Work and what will release it.
	 */
	private record Held(Work work, Future<?> timer) {

		Work letGo() {
			this.timer.cancel(false);
			return this.work;
		}

	}

	/**
	 * A list.
	 * @param due receives what is due and not ended
	 */
	Waitlist(Consumer<Work> due, ScheduledExecutorService timer, Clock clock) {
		this.due = due;
		this.timer = timer;
		this.clock = clock;
	}

	/**
	 * Holds work until it is due.
	 * @return the work that this supersedes, or is superseded by: the work itself where a
	 * later one is held; {@code null} where there is none
	 */
	@Nullable Work hold(Work work) {
		Duration left = Duration.between(this.clock.instant(), work.retry().due());
		synchronized (this) {
			Held other = this.held.get(work.event().id());
			if (other != null && isAtLeast(other.work(), work.event().version(), work.retry().rounds() + 1)) {
				return work;
			}
			this.held.put(work.event().id(), new Held(work, timer(work, left)));
			return (other != null) ? other.letGo() : null;
		}
	}

	/** Releases only when the lock is free again, and so after the work is held. */
	private Future<?> timer(Work work, Duration left) {
		try {
			return this.timer.schedule(() -> release(work), Math.max(0, left.toMillis()), TimeUnit.MILLISECONDS);
		}
		catch (RejectedExecutionException ex) {
			LOG.debug("{} is left for the next start: the worker stops", work, ex);
			return CompletableFuture.completedFuture(null);
		}
	}

	/**
	 * Takes away what is held for a file in an earlier version than this.
	 */
	synchronized @Nullable Work takeOlder(MediaId id, Version than) {
		Held other = this.held.get(id);
		if (other == null || !than.isAfter(other.work().event().version())) {
			return null;
		}
		this.held.remove(id);
		return other.letGo();
	}

	/**
	 * Whether an event is held already: a restart reads the earlier rounds of an event
	 * again, and they must not multiply.
	 */
	synchronized boolean holds(MediaId id, Version version, int rounds) {
		Held other = this.held.get(id);
		return other != null && isAtLeast(other.work(), version, rounds);
	}

	/**
	 * Forgets work that is not to be released any more.
	 * @return whether it was held
	 */
	synchronized boolean remove(Work work) {
		Held present = this.held.get(work.event().id());
		if (present == null || present.work() != work) {
			return false;
		}
		this.held.remove(work.event().id());
		present.letGo();
		return true;
	}

	synchronized int size() {
		return this.held.size();
	}

	private void release(Work work) {
		if (remove(work)) {
			this.due.accept(work);
		}
	}

	private static boolean isAtLeast(Work held, Version version, int rounds) {
		int byVersion = held.event().version().compareTo(version);
		return byVersion > 0 || (byVersion == 0 && held.retry().rounds() >= rounds);
	}

}
