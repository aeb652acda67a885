package dev.holdfast.app.scan;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The scans of one volume that wait, run, and were the last. Not safe for use by several
 * threads: whoever has it holds a lock.
 */
final class ScanQueue {

	private static final int KEPT = 50;

	private final Deque<ScanJob> waiting = new ArrayDeque<>();

	/** Those under way: at most one of the whole volume and one of a directory. */
	private final List<ScanJob> running = new ArrayList<>();

	/** The last ones that are over, the latest first. */
	private final Deque<ScanJob> over = new ArrayDeque<>();

	/**
	 * How many wait.
	 */
	int size() {
		return this.waiting.size();
	}

	/**
	 * Has a scan wait, unless one that does waits already. Those that it covers wait no
	 * more: it does their work.
	 * @return the one that covers it
	 */
	ScanJob add(ScanJob job) {
		for (ScanJob other : this.waiting) {
			if (other.covers(job)) {
				return other;
			}
		}
		for (Iterator<ScanJob> others = this.waiting.iterator(); others.hasNext();) {
			ScanJob other = others.next();
			if (job.covers(other)) {
				others.remove();
				job.take(other);
			}
		}
		this.waiting.add(job);
		return job;
	}

	/**
	 * The one of these that has waited longest.
	 */
	Optional<ScanJob> next(Predicate<ScanJob> wanted) {
		return this.waiting.stream().filter(wanted).findFirst();
	}

	void begin(ScanJob job) {
		this.waiting.remove(job);
		this.running.add(job);
	}

	void end(ScanJob job) {
		// One that could not even begin waits still.
		this.waiting.remove(job);
		this.running.remove(job);
		this.over.addFirst(job);
		if (this.over.size() > KEPT) {
			this.over.removeLast();
		}
	}

	boolean isRunning(ScanJob job) {
		return this.running.contains(job);
	}

	/**
	 * Nothing that waits will be done.
	 */
	void cancel() {
		this.waiting
			.forEach((job) -> job.future().completeExceptionally(new CancellationException("app-service is stopping")));
		this.waiting.clear();
	}

	/**
	 * All of them, the latest first.
	 */
	List<ScanView> views() {
		List<ScanView> views = new ArrayList<>();
		List.copyOf(this.waiting).reversed().forEach((job) -> views.add(job.view()));
		this.running.reversed().forEach((job) -> views.add(job.view()));
		this.over.forEach((job) -> views.add(job.view()));
		return views;
	}

	/**
	 * The one of that number, or the one that covers it.
	 */
	Optional<ScanView> view(long id) {
		return Stream.of(this.waiting, this.running, this.over)
			.flatMap(Collection::stream)
			.filter((job) -> job.answersTo(id))
			.findFirst()
			.map(ScanJob::view);
	}

}
