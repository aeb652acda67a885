package dev.holdfast.app.scan;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import dev.holdfast.app.catalog.CatalogException;
import dev.holdfast.app.catalog.ScanRecords.Work;
import dev.holdfast.app.volume.FileStat;
import dev.holdfast.app.volume.Volume;
import dev.holdfast.app.volume.VolumeNotAvailableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the files that a walk has found to differ, a few at a time and in the given
 * order, and after them those that had to settle first.
 */
final class Reading {

	private static final Logger LOG = LoggerFactory.getLogger(Reading.class);

	/** Files that have to settle first; what goes beyond is waited for at once. */
	private static final int MOST_UNSETTLED = 10_000;

	/** How often they are looked at again, the first time without a pause. */
	private static final int ROUNDS = 4;

	/** Between two looks at a file that a program has open. */
	private static final long OPEN_MILLIS = 500;

	private static final int AT_ONCE = 500;

	private static final Duration PATIENCE = Duration.ofMillis(100);

	private final Volume volume;

	private final FileCheck check;

	private final Looks looks;

	private final Findings findings;

	private final Pace pace;

	private final int readers;

	private final CountDownLatch stop;

	private final Semaphore slots;

	private final BlockingQueue<Work> unsettled = new LinkedBlockingQueue<>(MOST_UNSETTLED);

	private final AtomicLong files = new AtomicLong();

	private final AtomicLong bytes = new AtomicLong();

	/**
	 * A reading.
	 * @param unclosed knows which files are left to their writers
	 * @param always whether files are read although nothing says that they have changed
	 */
	Reading(Volume volume, FileCheck check, UnclosedFiles unclosed, Findings findings, boolean always, Pace pace,
			int readers, CountDownLatch stop) {
		this.volume = volume;
		this.check = check;
		this.looks = new Looks(new Looks.At(volume, always, pace), check, unclosed, findings, stop);
		this.findings = findings;
		this.pace = pace;
		this.readers = readers;
		this.stop = stop;
		this.slots = new Semaphore(readers);
	}

	/**
	 * How many files are done.
	 */
	long files() {
		return this.files.get();
	}

	/**
	 * How many bytes they have.
	 */
	long bytes() {
		return this.bytes.get();
	}

	/**
	 * Reads all of them.
	 * @param meanwhile is run between files, several times a second
	 * @throws VolumeNotAvailableException where the volume is or was away
	 * @throws CatalogException where the catalog does not take what was found
	 * @throws InterruptedException where it was told to stop
	 */
	void run(Kept names, Interlude meanwhile) throws IOException, InterruptedException {
		try (ExecutorService threads = Executors.newFixedThreadPool(this.readers,
				Thread.ofPlatform().name("scan-reader-" + this.volume.name() + "-", 0).daemon().factory())) {
			for (List<Work> some = names.take(AT_ONCE); !some.isEmpty(); some = names.take(AT_ONCE)) {
				for (Work work : some) {
					awaitSlot(meanwhile);
					threads.execute(() -> {
						try {
							first(work);
						}
						finally {
							this.slots.release();
						}
					});
				}
			}
			for (int i = 0; i < this.readers; i++) {
				awaitSlot(meanwhile);
			}
		}
		List<Work> rest = new ArrayList<>();
		this.unsettled.drainTo(rest);
		settle(rest, meanwhile);
		this.looks.throwFailure();
	}

	/** Something to do between files. */
	interface Interlude {

		void run() throws InterruptedException;

	}

	private void awaitSlot(Interlude meanwhile) throws IOException, InterruptedException {
		do {
			stopIfTold();
			this.looks.throwFailure();
			meanwhile.run();
		}
		while (!this.slots.tryAcquire(PATIENCE.toMillis(), TimeUnit.MILLISECONDS));
	}

	private void first(Work work) {
		if (this.stop.getCount() == 0 || this.looks.haveFailed()) {
			return;
		}
		long begun = System.nanoTime();
		Scanned found = this.looks.at(work);
		boolean later = found == Scanned.BEING_WRITTEN && this.unsettled.offer(work);
		try {
			this.pace.busy(System.nanoTime() - begun);
			if (found == Scanned.BEING_WRITTEN && !later) {
				// More than are remembered: this one is waited for here and now.
				settle(List.of(work), () -> {
				});
			}
		}
		catch (IOException ex) {
			LOG.debug("Not rested: {}", ex.getMessage());
		}
		catch (InterruptedException ex) {
			// Told to stop, which the thread that hands out the files sees for itself.
			LOG.debug("{} is left for the next scan", work.path());
		}
		if (found != Scanned.BEING_WRITTEN) {
			done(work, found);
		}
	}

	private void done(Work work, Scanned found) {
		this.findings.add(found, work.path());
		this.files.incrementAndGet();
		this.bytes.addAndGet(work.size());
	}

	/**
	 * Looks again at the files that had been touched a moment ago: at all of them, and
	 * then once more at those that were not finished then. So many of them take no longer
	 * than one.
	 */
	private void settle(List<Work> files, Interlude meanwhile) throws InterruptedException {
		List<Work> left = files;
		for (int round = 0; round < ROUNDS && !left.isEmpty(); round++) {
			if (round > 0) {
				pauseUntilSettled(left, meanwhile);
			}
			List<Work> still = new ArrayList<>();
			for (Work work : left) {
				meanwhile.run();
				Scanned found = this.looks.at(work);
				if (found == Scanned.BEING_WRITTEN) {
					still.add(work);
				}
				else {
					done(work, found);
				}
			}
			left = still;
		}
		for (Work work : left) {
			done(work, Scanned.BEING_WRITTEN);
		}
	}

	private void pauseUntilSettled(List<Work> files, Interlude meanwhile) throws InterruptedException {
		long millis = 0;
		for (Work work : files) {
			meanwhile.run();
			millis = Math.max(millis, millisUntilSettled(work));
		}
		if (this.stop.await(millis, TimeUnit.MILLISECONDS)) {
			throw new InterruptedException("Told to stop");
		}
	}

	private long millisUntilSettled(Work work) {
		Path path = this.volume.root().resolve(work.path());
		try {
			if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
				long millis = this.check.untilSettled(FileStat.of(path).stamp()).toMillis() + 1;
				return (millis > 0) ? millis : OPEN_MILLIS;
			}
		}
		catch (IOException ex) {
			LOG.debug("{} is looked at again without a pause: {}", path, ex.getMessage());
		}
		return 0;
	}

	/**
	 * Tells of a name that cannot be read.
	 */
	void unreadable(String path, IOException met) {
		this.looks.unreadable(path, met);
	}

	private void stopIfTold() throws InterruptedException {
		if (this.stop.getCount() == 0) {
			throw new InterruptedException("Told to stop");
		}
	}

}
