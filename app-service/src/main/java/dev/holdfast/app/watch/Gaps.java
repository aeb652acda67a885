package dev.holdfast.app.watch;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Predicate;

import dev.holdfast.app.catalog.CatalogException;
import dev.holdfast.app.catalog.WatchJournal;
import dev.holdfast.app.scan.ScanReport;
import dev.holdfast.app.scan.Scanned;
import dev.holdfast.model.VolumeName;
import dev.holdfast.model.WatchGap;
import dev.holdfast.model.WatchGap.Reason;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes the gaps of a volume: where changes may have been missed it has the directory
 * scanned, and records the gap when the scan is over. A crash in between loses nothing:
 * the restart is a gap of the whole volume.
 * <p>
 * Directories that wait are merged into one above them. While the whole volume is
 * scanned, which may take hours when it is the first time, directories are scanned and
 * their gaps closed in between. Safe for use by many threads.
 */
final class Gaps implements AutoCloseable {

	private static final Logger LOG = LoggerFactory.getLogger(Gaps.class);

	private static final Duration AGAIN = Duration.ofSeconds(2);

	private static final Duration STOPPING = Duration.ofSeconds(5);

	/** Beyond these the whole volume is scanned. */
	private static final int MOST_APART = 1000;

	private final VolumeName volume;

	private final Function<String, CompletableFuture<ScanReport>> scans;

	private final WatchJournal journal;

	private final WatchCounts counts;

	private final BooleanSupplier room;

	private final Runnable asked;

	private final Clock clock;

	private final Map<String, Missed> waiting = new LinkedHashMap<>();

	private final List<Thread> threads;

	/** What is being scanned: at most the whole volume and one directory. */
	private final List<Missed> running = new ArrayList<>();

	private boolean closed;

	/**
	 * Nothing is scanned before {@link #start()}.
	 * @param scans has a directory scanned
	 * @param room whether this is a good moment for a scan
	 * @param asked is called when a scan has been asked for
	 */
	Gaps(VolumeName volume, Function<String, CompletableFuture<ScanReport>> scans, WatchJournal journal,
			WatchCounts counts, BooleanSupplier room, Runnable asked, Clock clock) {
		this.volume = volume;
		this.scans = scans;
		this.journal = journal;
		this.counts = counts;
		this.room = room;
		this.asked = asked;
		this.clock = clock;
		this.threads = List.of(Thread.ofVirtual().name("watch-gaps-" + volume).unstarted(() -> run(Missed::isWhole)),
				Thread.ofVirtual().name("watch-gaps-below-" + volume).unstarted(() -> run((gap) -> !gap.isWhole())));
	}

	/**
	 * Changes that may have been missed.
	 *
	 * @param from when watching was last known to be whole; {@code null} where it never
	 * was, so that a scan is needed but no gap is recorded
	 * @param always whether the gap is recorded although nothing had changed
	 */
	private record Missed(String subtree, Reason reason, @Nullable Instant from, boolean always) {

		private boolean isWhole() {
			return this.subtree.isEmpty();
		}

		private boolean covers(String other) {
			return isWhole() || other.equals(this.subtree) || other.startsWith(this.subtree + "/");
		}

		private Missed with(Missed other) {
			return new Missed(this.subtree, this.reason, earlier(this.from, other.from), this.always || other.always);
		}

		private static @Nullable Instant earlier(@Nullable Instant one, @Nullable Instant other) {
			if (one == null || other == null) {
				return null;
			}
			return other.isBefore(one) ? other : one;
		}

	}

	void start() {
		this.threads.forEach(Thread::start);
	}

	/**
	 * Changes below a directory may have been missed since then.
	 * @param from {@code null} where it was never watched
	 */
	void missed(String subtree, Reason reason, @Nullable Instant from) {
		add(new Missed(subtree, reason, from, true));
	}

	/**
	 * A directory without a watch is to be looked at again.
	 */
	void unwatched(String subtree, Instant from) {
		add(new Missed(subtree, Reason.WATCH_LOST, from, false));
	}

	/**
	 * A directory appeared with files in it, which were looked at.
	 */
	void found(String subtree, Instant from, long scanned, long changed) {
		Missed missed = new Missed(subtree, Reason.NEW_DIRECTORY, from, true);
		try {
			record(missed, scanned, changed);
		}
		catch (CatalogException ex) {
			LOG.debug("Gap of {} is recorded after a scan: {}", this.volume, ex.getMessage());
			add(missed);
		}
	}

	/**
	 * Whether nothing waits and nothing is being scanned.
	 */
	synchronized boolean isClosed() {
		return this.waiting.isEmpty() && this.running.isEmpty();
	}

	private synchronized void add(Missed missed) {
		Missed added = missed;
		for (Missed other : List.copyOf(this.waiting.values())) {
			if (other.covers(added.subtree())) {
				this.waiting.put(other.subtree(), other.with(added));
				return;
			}
			if (added.covers(other.subtree())) {
				added = added.with(other);
				this.waiting.remove(other.subtree());
			}
		}
		this.waiting.put(added.subtree(), added);
		if (this.waiting.size() > MOST_APART) {
			Missed all = new Missed("", added.reason(), added.from(), true);
			for (Missed other : this.waiting.values()) {
				all = all.with(other);
			}
			this.waiting.clear();
			this.waiting.put("", all);
		}
		notifyAll();
	}

	private void run(Predicate<Missed> which) {
		try {
			for (Missed next = take(which); next != null; next = take(which)) {
				boolean done = close(next);
				synchronized (this) {
					this.running.remove(next);
					notifyAll();
					if (!done && !this.closed) {
						add(next);
						wait(AGAIN.toMillis());
					}
				}
			}
		}
		catch (InterruptedException ex) {
			LOG.debug("Gaps of {} stay open: the restart closes them", this.volume);
		}
	}

	private synchronized @Nullable Missed take(Predicate<Missed> which) throws InterruptedException {
		while (!this.closed) {
			Optional<Missed> first = this.waiting.values().stream().filter(which).findFirst();
			if (first.isPresent() && this.room.getAsBoolean()) {
				this.waiting.remove(first.get().subtree());
				this.running.add(first.get());
				return first.get();
			}
			wait(first.isPresent() ? AGAIN.toMillis() : 0);
		}
		return null;
	}

	private boolean close(Missed missed) throws InterruptedException {
		try {
			CompletableFuture<ScanReport> scan = this.scans.apply(missed.subtree());
			this.asked.run();
			ScanReport report = scan.get();
			if (!report.complete()) {
				return false;
			}
			long changed = report.published() + report.count(Scanned.HELD_BACK);
			if (missed.from() != null && (missed.always() || changed > 0)) {
				record(missed, report.seen(), changed);
			}
			if (missed.isWhole()) {
				// From here on a restart is a gap, however soon it comes.
				this.journal.recordWatched(this.volume, report.from());
			}
			return true;
		}
		catch (ExecutionException | CancellationException | CatalogException ex) {
			LOG.atDebug()
				.addKeyValue("volume", this.volume)
				.addKeyValue("subtree", missed.subtree())
				.addKeyValue("reason", ex.toString())
				.log("Gap not closed yet");
			return false;
		}
	}

	private void record(Missed missed, long scanned, long changed) {
		Instant until = this.clock.instant();
		Instant since = missed.from();
		Instant from = (since == null || since.isAfter(until)) ? until : since;
		this.journal.recordGap((version) -> new WatchGap(this.volume, missed.subtree(), version, from, until,
				missed.reason(), scanned, changed));
		this.counts.gap(missed.reason());
		(missed.reason() == Reason.NEW_DIRECTORY ? LOG.atDebug() : LOG.atInfo()).addKeyValue("volume", this.volume)
			.addKeyValue("subtree", missed.subtree())
			.addKeyValue("gap", missed.reason())
			.addKeyValue("from", from)
			.addKeyValue("scanned", scanned)
			.addKeyValue("changed", changed)
			.log("Watch gap closed by a scan");
	}

	/**
	 * Ends what is going on. What is open stays open for the restart.
	 */
	@Override
	public void close() {
		synchronized (this) {
			this.closed = true;
			notifyAll();
		}
		this.threads.forEach(Thread::interrupt);
		try {
			for (Thread thread : this.threads) {
				thread.join(STOPPING);
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
