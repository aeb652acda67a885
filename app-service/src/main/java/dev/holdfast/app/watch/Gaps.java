package dev.holdfast.app.watch;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

import dev.holdfast.app.catalog.CatalogException;
import dev.holdfast.app.catalog.WatchJournal;
import dev.holdfast.app.scan.ScanReport;
import dev.holdfast.app.scan.Scanned;
import dev.holdfast.model.InvalidMediaPathException;
import dev.holdfast.model.MediaId;
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
 * Directories that wait are merged into one above them, but not into the whole volume
 * while that is being scanned: they need not wait for it. Safe for use by many threads.
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

	private final Thread thread;

	/** Those whose scans have been asked for, until they are recorded. */
	private final List<Missed> scanned = new ArrayList<>();

	/** The scans that are over. */
	private final Queue<Ended> over = new ArrayDeque<>();

	/** Before this nothing is scanned: something went wrong. */
	private long again = System.nanoTime();

	/** The fault that the log was told of last. */
	private String toldFault = "";

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
		this.thread = Thread.ofVirtual().name("watch-gaps-" + volume).unstarted(this::run);
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

		private Missed at(String directory) {
			return new Missed(directory, this.reason, this.from, this.always);
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

	/** A scan that is over, one way or the other. */
	private record Ended(Missed missed, @Nullable ScanReport report, @Nullable Throwable met) {

	}

	void start() {
		this.thread.start();
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
	 * A directory has another name now: what was not found under that may be missing.
	 */
	void left(String subtree, Instant from) {
		if (isValid(subtree)) {
			add(new Missed(subtree, Reason.WATCH_LOST, from, false));
		}
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
		return this.waiting.isEmpty() && this.scanned.isEmpty();
	}

	/**
	 * Whether a file or directory of this path can be looked after.
	 */
	boolean isValid(String path) {
		try {
			return new MediaId(this.volume, path).path().equals(path);
		}
		catch (InvalidMediaPathException ex) {
			return false;
		}
	}

	/**
	 * The directory, or the first above it that can be scanned: one that was watched may
	 * be given a path that is too long, by a rename above it.
	 */
	private String scannable(String subtree) {
		String directory = subtree;
		while (!directory.isEmpty() && !isValid(directory)) {
			directory = directory.substring(0, Math.max(0, directory.lastIndexOf('/')));
		}
		return directory;
	}

	private synchronized void add(Missed missed) {
		Missed added = missed.at(scannable(missed.subtree()));
		boolean whole = this.scanned.stream().anyMatch(Missed::isWhole);
		for (Missed other : List.copyOf(this.waiting.values())) {
			if (whole && other.isWhole() != added.isWhole()) {
				continue;
			}
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

	private void run() {
		try {
			for (Runnable step = next(); step != null; step = next()) {
				step.run();
			}
		}
		catch (InterruptedException ex) {
			LOG.debug("Gaps of {} stay open: the restart closes them", this.volume);
		}
	}

	/**
	 * Waits for a scan that is over, or one that can be asked for.
	 * @return what is to be done about it, {@code null} when this is closed
	 */
	private synchronized @Nullable Runnable next() throws InterruptedException {
		while (!this.closed) {
			Ended ended = this.over.poll();
			if (ended != null) {
				return () -> end(ended);
			}
			Missed due = due();
			if (due != null) {
				this.waiting.remove(due.subtree());
				this.scanned.add(due);
				return () -> scan(due);
			}
			wait(this.waiting.isEmpty() ? 0 : AGAIN.toMillis());
		}
		return null;
	}

	/**
	 * The next one that can be scanned. The scan of a whole volume may take hours, and
	 * those of directories are made in between, but for one that was asked for before it
	 * had begun: that is part of it. So a directory may be asked for once more.
	 */
	private @Nullable Missed due() {
		if (this.waiting.isEmpty() || System.nanoTime() - this.again < 0 || !this.room.getAsBoolean()) {
			return null;
		}
		return this.waiting.values().stream().filter((missed) -> {
			long same = this.scanned.stream().filter((other) -> other.subtree().equals(missed.subtree())).count();
			return missed.isWhole() ? same == 0 : same < 2 && this.scanned.size() < MOST_APART;
		}).findFirst().orElse(null);
	}

	private void scan(Missed missed) {
		CompletableFuture<ScanReport> _ = ask(missed).whenComplete((report, met) -> {
			synchronized (this) {
				this.over.add(new Ended(missed, report, met));
				notifyAll();
			}
		});
	}

	private CompletableFuture<ScanReport> ask(Missed missed) {
		try {
			CompletableFuture<ScanReport> scan = this.scans.apply(missed.subtree());
			this.asked.run();
			return scan;
		}
		catch (RuntimeException ex) {
			tellFault(missed, ex);
			return CompletableFuture.failedFuture(ex);
		}
	}

	private void end(Ended ended) {
		boolean recorded = close(ended);
		synchronized (this) {
			this.scanned.remove(ended.missed());
			if (!recorded) {
				add(ended.missed());
				this.again = System.nanoTime() + AGAIN.toNanos();
			}
		}
	}

	private boolean close(Ended ended) {
		Missed missed = ended.missed();
		ScanReport report = ended.report();
		try {
			if (report == null || !report.complete()) {
				tellOpen(missed, String.valueOf(ended.met()));
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
		catch (CatalogException ex) {
			tellOpen(missed, ex.toString());
			return false;
		}
		catch (RuntimeException ex) {
			tellFault(missed, ex);
			return false;
		}
	}

	/**
	 * A fault of this program: the gap stays open, and is tried again until it is closed.
	 */
	private void tellFault(Missed missed, RuntimeException met) {
		String fault = met.toString();
		if (!fault.equals(this.toldFault)) {
			this.toldFault = fault;
			LOG.atError()
				.addKeyValue("volume", this.volume)
				.addKeyValue("subtree", missed.subtree())
				.setCause(met)
				.log("Closing a watch gap failed; it is tried again and again: report this");
		}
	}

	private void tellOpen(Missed missed, String reason) {
		LOG.atDebug()
			.addKeyValue("volume", this.volume)
			.addKeyValue("subtree", missed.subtree())
			.addKeyValue("reason", reason)
			.log("Gap not closed yet");
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
		this.thread.interrupt();
		try {
			this.thread.join(STOPPING);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
