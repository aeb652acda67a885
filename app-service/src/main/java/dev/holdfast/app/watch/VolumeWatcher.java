package dev.holdfast.app.watch;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import dev.holdfast.app.catalog.CatalogException;
import dev.holdfast.app.catalog.WatchJournal;
import dev.holdfast.app.scan.Scanned;
import dev.holdfast.app.volume.Volume;
import dev.holdfast.app.volume.VolumeState;
import dev.holdfast.model.MediaId;
import dev.holdfast.model.WatchGap.Reason;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches one volume for as long as app-service runs: by inotify where that works, else
 * by looking again and again. Where the volume goes away it waits for it to come back,
 * and takes the time between for a gap.
 */
final class VolumeWatcher implements AutoCloseable {

	private static final Logger LOG = LoggerFactory.getLogger(VolumeWatcher.class);

	private static final int SHOWN = 20;

	private static final Duration LOOK = Duration.ofSeconds(5);

	private static final Duration AGAIN = Duration.ofSeconds(2);

	private static final Duration NOTE = Duration.ofMinutes(1);

	private static final Duration STOPPING = Duration.ofSeconds(5);

	private final Volume volume;

	private final WatchSettings settings;

	private final Settling settling;

	private final FileWork work;

	private final Gaps gaps;

	private final WatchJournal journal;

	private final WatchCounts counts;

	private final Polling polling;

	private final WatchHooks hooks;

	private final Clock clock;

	private final CountDownLatch stop = new CountDownLatch(1);

	private final CompletableFuture<Boolean> begun = new CompletableFuture<>();

	private final Thread reader;

	private final Thread worker;

	private volatile @Nullable TreeWatch tree;

	private volatile View view = new View("off", null, "It has not begun yet");

	/**
	 * When watching last was whole, or the last poll began that was, as far as this
	 * process knows.
	 */
	private @Nullable Instant whole;

	private boolean first = true;

	private Reason lost = Reason.NOT_RUNNING;

	/** The failure that the log was told of last. */
	private @Nullable String toldFailure;

	private Instant toldAt = Instant.EPOCH;

	VolumeWatcher(Volume volume, WatchSettings settings, Settling settling, FileWork work, Gaps gaps,
			WatchJournal journal, WatchCounts counts, Supplier<CompletableFuture<?>> polls, WatchHooks hooks,
			Clock clock) {
		this.volume = volume;
		this.settings = settings;
		this.settling = settling;
		this.work = work;
		this.gaps = gaps;
		this.journal = journal;
		this.counts = counts;
		this.polling = new Polling(volume, settings.pollInterval(), polls, this.stop, clock);
		this.hooks = hooks;
		this.clock = clock;
		this.reader = Thread.ofPlatform().name("watch-" + volume.name()).daemon().unstarted(this::run);
		this.worker = Thread.ofPlatform().name("watch-work-" + volume.name()).daemon().unstarted(this::work);
	}

	private record View(String mode, @Nullable Instant since, @Nullable String reason) {

	}

	void start() {
		this.gaps.start();
		this.reader.start();
		this.worker.start();
	}

	/**
	 * Completes when the volume is watched, by whatever means, or is not going to be.
	 */
	CompletableFuture<Boolean> begun() {
		return this.begun;
	}

	WatchStatus status() {
		View now = this.view;
		TreeWatch present = this.tree;
		String trouble = (present == null) ? null : present.trouble();
		return new WatchStatus(now.mode(), now.since(), this.counts.watches.get(), this.counts.gaps(),
				!this.gaps.isClosed(), this.settling.size(), this.counts.refusedNames.sum(), this.work.byTimeAlone(),
				this.settling.longest(SHOWN)
					.stream()
					.map((file) -> new WatchStatus.Unfinished(file.path(), file.since(), file.reason()))
					.toList(),
				(trouble != null) ? trouble : now.reason());
	}

	WatchCounts counts() {
		return this.counts;
	}

	/**
	 * Whether this was seen to be created and is left to who writes it.
	 */
	boolean isLeftToItsWriter(MediaId id) {
		return this.work.writers().areWaitedFor(id);
	}

	private void work() {
		try {
			this.hooks.awaitReady();
			this.work.run();
		}
		catch (InterruptedException ex) {
			LOG.debug("Watcher of {} stopped before it began", this.volume.name());
		}
	}

	private void run() {
		try {
			while (!isStopping()) {
				try {
					watchIfAvailable();
				}
				catch (RuntimeException ex) {
					failed(ex);
				}
				this.stop.await(AGAIN.toMillis(), TimeUnit.MILLISECONDS);
			}
		}
		catch (InterruptedException ex) {
			LOG.debug("Watcher of {} stopped", this.volume.name());
		}
	}

	private void watchIfAvailable() throws InterruptedException {
		if (this.volume.state() instanceof VolumeState.NotAvailable(String reason)) {
			show("off", reason);
			this.hooks.letScansBegin();
		}
		else {
			watch();
		}
	}

	/**
	 * Whatever it was, watching is begun again. What was missed until then is a gap.
	 */
	private void failed(RuntimeException met) {
		String reason = "it failed and is begun again: " + met;
		show("off", reason);
		this.hooks.letScansBegin();
		Instant now = this.clock.instant();
		if (!reason.equals(this.toldFailure) || this.toldAt.plus(NOTE).isBefore(now)) {
			this.toldFailure = reason;
			this.toldAt = now;
			LOG.atError()
				.addKeyValue("volume", this.volume.name())
				.setCause(met)
				.log("Watching failed and is begun again; the volume is scanned then");
		}
	}

	private void watch() throws InterruptedException {
		try {
			Optional<String> trouble = switch (this.settings.mode()) {
				case AUTO -> this.hooks.trouble(this.volume);
				case POLLING -> Optional.of("holdfast.watch.mode is polling");
				default -> Optional.empty();
			};
			if (trouble.isPresent()) {
				poll(trouble.get());
				return;
			}
			TreeWatch.State state = TreeWatch.State.OVERFLOWN;
			while (state == TreeWatch.State.OVERFLOWN && !isStopping()) {
				state = follow();
			}
		}
		catch (IOException ex) {
			poll("inotify: " + ex.getMessage());
		}
		catch (IllegalCallerException | LinkageError ex) {
			poll("this JVM makes no native calls, start it with --enable-native-access=ALL-UNNAMED: " + ex);
		}
	}

	/**
	 * Watches until something goes wrong.
	 */
	private TreeWatch.State follow() throws IOException {
		Object identity = identity();
		try (TreeWatch watch = new TreeWatch(this.volume, this.settling, this.work.newNames(), this.gaps, this.counts,
				this.hooks::watches, this.clock)) {
			this.tree = watch;
			watch.placeAll();
			this.counts.watches.set(Math.max(1, this.counts.watches.get()));
			show("inotify", null);
			beginGap();
			this.begun.complete(true);
			TreeWatch.State state = TreeWatch.State.ROOT_LOST;
			try {
				state = read(watch, identity);
			}
			finally {
				this.whole = watch.whole();
				this.lost = (state == TreeWatch.State.OVERFLOWN) ? Reason.OVERFLOW : Reason.WATCH_LOST;
			}
			if (!isStopping()) {
				LOG.atWarn()
					.addKeyValue("volume", this.volume.name())
					.addKeyValue("reason", (state == TreeWatch.State.OVERFLOWN)
							? "the kernel dropped events: if this happens often raise fs.inotify.max_queued_events"
							: "its root directory is gone or another one")
					.log("Watching is interrupted: the volume is scanned as soon as it is watched again");
			}
			return state;
		}
		finally {
			this.tree = null;
		}
	}

	/**
	 * Everything is watched now, or is going to be polled, so what a scan from here on
	 * finds closes the gap.
	 */
	private void beginGap() {
		this.settling.missed("");
		if (this.first) {
			if (this.hooks.scansAtStart()) {
				// Which lets scans begin, so that this one is that of the start.
				this.gaps.missed("", Reason.NOT_RUNNING, this.journal.watchedUntil(this.volume.name()).orElse(null));
			}
			else {
				this.hooks.letScansBegin();
			}
			this.first = false;
			this.lost = Reason.WATCH_LOST;
			this.whole = this.journal.watchedUntil(this.volume.name()).orElse(null);
			return;
		}
		this.gaps.missed("", this.lost, this.whole);
	}

	private TreeWatch.State read(TreeWatch watch, Object identity) throws IOException {
		long looked = System.nanoTime();
		long noted = looked;
		long polled = looked;
		TreeWatch.State state = TreeWatch.State.WHOLE;
		while (state == TreeWatch.State.WHOLE && !isStopping()) {
			this.hooks.beforeRead();
			state = watch.read(LOOK);
			long now = System.nanoTime();
			if (now - looked >= LOOK.toNanos()) {
				looked = now;
				if (!identity.equals(identity()) || this.volume.state() instanceof VolumeState.NotAvailable
						|| !watch.isCurrent()) {
					return TreeWatch.State.ROOT_LOST;
				}
			}
			if (now - polled >= this.settings.pollInterval().toNanos()) {
				polled = now;
				watch.lookAtUnwatched();
			}
			if (now - noted >= NOTE.toNanos()) {
				noted = now;
				note(watch.whole());
			}
		}
		if (state == TreeWatch.State.WHOLE) {
			note(watch.whole());
		}
		return state;
	}

	/**
	 * So that the next start knows since when nothing was watched. Without it that would
	 * be the last time that it was noted, which is earlier.
	 */
	private void note(Instant until) {
		if (!this.gaps.isClosed()) {
			return;
		}
		try {
			this.journal.recordWatched(this.volume.name(), until);
		}
		catch (CatalogException ex) {
			LOG.debug("Not noted until when {} was watched: {}", this.volume.name(), ex.getMessage());
		}
	}

	/**
	 * Polls for a while. What was in the way of inotify may be gone after that.
	 */
	private void poll(String why) throws InterruptedException {
		boolean goesOn = this.view.mode().equals("polling");
		boolean told = goesOn && why.equals(this.view.reason());
		show("polling", why);
		boolean scanned = !goesOn && (!this.first || this.hooks.scansAtStart());
		if (goesOn) {
			this.hooks.letScansBegin();
		}
		else {
			// Before a poll can tell that nothing is missed any more.
			beginGap();
		}
		this.begun.complete(true);
		if (!told) {
			LOG.atInfo()
				.addKeyValue("volume", this.volume.name())
				.addKeyValue("reason", why)
				.addKeyValue("interval", this.polling.interval())
				.log("Volume is polled");
		}
		this.polling.run(scanned, (until) -> {
			this.whole = until;
			note(until);
		});
	}

	/**
	 * The device and inode of the root: something mounted over it is another directory,
	 * of which no event tells.
	 */
	private Object identity() {
		try {
			return Map.copyOf(Files.readAttributes(this.volume.root(), "unix:dev,ino"));
		}
		catch (IOException ex) {
			return ex.getClass();
		}
	}

	private void show(String mode, @Nullable String reason) {
		View before = this.view;
		boolean same = before.mode().equals(mode) && before.since() != null;
		this.view = new View(mode, same ? before.since() : this.clock.instant(), reason);
	}

	private boolean isStopping() {
		return this.stop.getCount() == 0;
	}

	/**
	 * How many files became this.
	 */
	long settled(Scanned kind) {
		return this.counts.settledAs(kind);
	}

	@Override
	public void close() {
		this.stop.countDown();
		TreeWatch present = this.tree;
		if (present != null) {
			present.wake();
		}
		this.settling.close();
		this.gaps.close();
		try {
			this.reader.join(STOPPING);
			this.reader.interrupt();
			this.worker.join(STOPPING);
			this.worker.interrupt();
			this.reader.join(STOPPING);
			this.worker.join(STOPPING);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		this.begun.complete(false);
	}

}
