package dev.holdfast.app.scan;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

import dev.holdfast.app.catalog.CatalogException;
import dev.holdfast.app.volume.Volume;
import dev.holdfast.app.volume.VolumeNotAvailableException;
import dev.holdfast.app.volume.VolumeState;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The scans of one volume: after the start, periodically, and when asked for, one at a
 * time on a thread of its own. While a scan of the whole volume reads files, which may
 * take hours when it is the first, directories that are asked for are scanned in between.
 */
final class VolumeScans {

	private static final Logger LOG = LoggerFactory.getLogger(VolumeScans.class);

	/** Beyond these, requests for directories become one for the whole volume. */
	private static final int MOST_WAITING = 1_000;

	private static final String STOPPED = "app-service is stopping";

	private static final Duration STOPPING = Duration.ofSeconds(10);

	/** Until the next look where one failed, unless something happens before. */
	private static final Duration AGAIN = Duration.ofSeconds(10);

	private final Volume volume;

	private final ScanSettings settings;

	private final BooleanSupplier ready;

	private final LongSupplier ids;

	private final BiFunction<ScanJob, Volume, VolumeScan> maker;

	private final CountDownLatch stop;

	private final ScanQueue queue = new ScanQueue();

	private final Timetable timetable;

	private final Thread thread;

	private @Nullable ScanJob lastWhole;

	private final Trouble trouble;

	/**
	 * The scans of a volume, none before {@link #start}.
	 * @param ready whether the catalog knows what the topics say
	 * @param ids numbers them
	 * @param maker makes the scan of a request
	 */
	VolumeScans(Volume volume, ScanSettings settings, BooleanSupplier ready, LongSupplier ids,
			BiFunction<ScanJob, Volume, VolumeScan> maker, CountDownLatch stop) {
		this.volume = volume;
		this.settings = settings;
		this.ready = ready;
		this.ids = ids;
		this.maker = maker;
		this.stop = stop;
		this.thread = Thread.ofPlatform().name("scan-" + volume.name()).daemon().unstarted(this::run);
		this.timetable = new Timetable(settings);
		this.trouble = new Trouble(volume.name());
	}

	void start() {
		this.thread.start();
	}

	/**
	 * Something may be done now that could not be before.
	 */
	synchronized void wake() {
		notifyAll();
	}

	/**
	 * Asks for a scan.
	 * @return the one that covers it
	 */
	synchronized ScanJob request(String subtree, ScanCause cause, boolean checksum) {
		ScanJob job = new ScanJob(this.ids.getAsLong(), this.volume.name(), subtree, cause, checksum);
		if (this.stop.getCount() == 0) {
			job.future().completeExceptionally(new CancellationException(STOPPED));
			return job;
		}
		if (!job.isWhole() && this.queue.size() >= MOST_WAITING) {
			return request("", cause, checksum);
		}
		ScanJob covering = this.queue.add(job);
		notifyAll();
		return covering;
	}

	private void run() {
		try {
			while (true) {
				scan(await());
			}
		}
		catch (InterruptedException ex) {
			LOG.debug("Scans of {} stopped", this.volume.name());
		}
		finally {
			synchronized (this) {
				this.queue.cancel();
			}
		}
	}

	/**
	 * Waits for the next job.
	 */
	private synchronized ScanJob await() throws InterruptedException {
		while (true) {
			if (this.stop.getCount() == 0) {
				throw new InterruptedException("Told to stop");
			}
			long wait;
			try {
				boolean isReady = this.ready.getAsBoolean();
				ScanJob job = isReady ? due() : null;
				this.trouble.ended();
				if (job != null) {
					return job;
				}
				wait = isReady ? this.timetable.left() : Long.MAX_VALUE;
			}
			catch (RuntimeException ex) {
				// Nobody would start this thread again, and who asked for a scan would
				// wait for ever.
				this.trouble.met(ex);
				wait = AGAIN.toNanos();
			}
			TimeUnit.NANOSECONDS.timedWait(this, Math.max(wait, TimeUnit.MILLISECONDS.toNanos(1)));
		}
	}

	/**
	 * The job to do now, {@code null} where there is none.
	 */
	private @Nullable ScanJob due() {
		if (this.timetable.left() <= 0) {
			if (!(this.volume.state() instanceof VolumeState.NotAvailable)) {
				return request("", this.timetable.cause(), false);
			}
			this.timetable.ended(false);
		}
		return this.queue.next((_) -> true).orElse(null);
	}

	private void scan(ScanJob job) throws InterruptedException {
		try {
			VolumeScan scan = this.maker.apply(job, this.volume);
			begin(job, scan);
			scan.run(() -> {
				if (job.isWhole()) {
					scanDirectories();
				}
			});
			job.future().complete(end(job, null));
		}
		catch (VolumeNotAvailableException ex) {
			LOG.debug("Not scanned: {}", ex.getMessage());
			fail(job, String.valueOf(ex.getMessage()), ex);
		}
		catch (InterruptedException ex) {
			fail(job, STOPPED, new CancellationException(STOPPED));
			throw ex;
		}
		catch (IOException | RuntimeException | Error ex) {
			LOG.atWarn()
				.setCause((ex instanceof IOException || ex instanceof CatalogException) ? null : ex)
				.addKeyValue("volume", this.volume.name())
				.addKeyValue("subtree", job.subtree())
				.addKeyValue("reason", ex.toString())
				.log("Scan ended early");
			fail(job, ex.toString(), ex);
		}
	}

	private void fail(ScanJob job, String trouble, Throwable met) {
		end(job, trouble);
		job.future().completeExceptionally(met);
	}

	/**
	 * Directories need not wait for the files of the whole volume.
	 */
	private void scanDirectories() throws InterruptedException {
		for (ScanJob job = directory(); job != null; job = directory()) {
			scan(job);
		}
	}

	private synchronized @Nullable ScanJob directory() {
		return this.queue.next((job) -> !job.isWhole() && !job.checksum()).orElse(null);
	}

	private synchronized void begin(ScanJob job, VolumeScan scan) {
		this.queue.begin(job);
		job.begin(scan);
		if (job.isWhole()) {
			this.timetable.begun();
			this.lastWhole = job;
		}
	}

	private synchronized ScanReport end(ScanJob job, @Nullable String trouble) {
		ScanReport report = job.end(trouble);
		this.queue.end(job);
		if (job.isWhole()) {
			this.timetable.ended(trouble == null);
		}
		if (trouble == null) {
			report.tell();
		}
		return report;
	}

	/**
	 * How far the scan of the whole volume has come.
	 */
	synchronized ScanRunner.State state() {
		ScanJob whole = this.lastWhole;
		if (whole != null && this.queue.isRunning(whole)) {
			return ScanRunner.State.RUNNING;
		}
		if (this.timetable.anyDone()) {
			return ScanRunner.State.DONE;
		}
		return this.settings.onStart() ? ScanRunner.State.WAITING : ScanRunner.State.SWITCHED_OFF;
	}

	/**
	 * The scan of the whole volume that is under way or was the last.
	 */
	synchronized @Nullable ScanView whole() {
		ScanJob job = this.lastWhole;
		return (job == null) ? null : job.view();
	}

	/**
	 * What the scan of the whole volume that is under way or was the last has found.
	 */
	synchronized Findings found() {
		ScanJob job = this.lastWhole;
		VolumeScan scan = (job == null) ? null : job.scan();
		return (scan == null) ? new Findings() : scan.findings();
	}

	/**
	 * Those that wait, run, and were the last, the latest first.
	 */
	synchronized List<ScanView> views() {
		return this.queue.views();
	}

	/**
	 * The one of that number, or the one that covers it.
	 */
	synchronized Optional<ScanView> view(long id) {
		return this.queue.view(id);
	}

	/**
	 * Waits until the scan under way has ended between two files.
	 */
	void close() {
		wake();
		this.thread.interrupt();
		try {
			this.thread.join(STOPPING);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
