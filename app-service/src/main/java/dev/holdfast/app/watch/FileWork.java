package dev.holdfast.app.watch;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;

import dev.holdfast.app.catalog.CatalogException;
import dev.holdfast.app.guard.ChangeGuard;
import dev.holdfast.app.scan.FileCheck;
import dev.holdfast.app.scan.Scanned;
import dev.holdfast.app.scan.WriterProbe;
import dev.holdfast.app.volume.FileStat;
import dev.holdfast.app.volume.Volume;
import dev.holdfast.app.volume.VolumeState;
import dev.holdfast.app.watch.PendingFile.Unclosed;
import dev.holdfast.app.watch.Settling.Task;
import dev.holdfast.model.MediaId;
import dev.holdfast.model.Origin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deals with the files that are due: has each compared with the catalog and recorded, and
 * tells the guard of names that are gone. A new name is recorded before the old one is
 * told of, so that the bytes never have no name.
 */
final class FileWork {

	private static final Logger LOG = LoggerFactory.getLogger(FileWork.class);

	/** Enough for the records of several files to share an fsync. */
	private static final int AT_ONCE = 16;

	private static final Duration SHORTEST = Duration.ofMillis(10);

	private static final Duration LONGEST = Duration.ofSeconds(10);

	private static final Duration TROUBLE = Duration.ofSeconds(5);

	private static final int ATTEMPTS = 5;

	private static final String OPEN = "a program has it open for writing";

	private static final String UNTOLD = "it is not there, and no event has told yet where it is";

	private final Volume volume;

	private final NewNames newNames;

	private final FileCheck check;

	private final ChangeGuard guard;

	private final Settling settling;

	private final WatchCounts counts;

	private final Writers writers;

	private final Duration stuckAfter;

	private final Semaphore slots = new Semaphore(AT_ONCE);

	private final LargeFiles large;

	FileWork(Volume volume, NewNames newNames, FileCheck check, ChangeGuard guard, Settling settling,
			WatchCounts counts, Duration stuckAfter) {
		this.volume = volume;
		this.newNames = newNames;
		this.check = check;
		this.guard = guard;
		this.settling = settling;
		this.counts = counts;
		this.writers = new Writers(volume, check, settling, stuckAfter);
		this.stuckAfter = stuckAfter;
		this.large = new LargeFiles(volume.name());
	}

	/**
	 * Works until there is nothing more to take.
	 */
	void run() {
		try {
			for (Task task = this.settling.take(); task != null; task = this.settling.take()) {
				Task taken = task;
				this.slots.acquire();
				Thread.ofVirtual().name("watch-file-" + this.volume.name()).start(() -> {
					try {
						work(taken, false);
					}
					finally {
						this.slots.release();
					}
				});
			}
			this.large.stop();
			this.slots.acquire(AT_ONCE);
			this.large.awaitEnd();
		}
		catch (InterruptedException ex) {
			LOG.debug("Watcher of {} stops: the scan at the next start finds the rest", this.volume.name());
		}
		finally {
			this.large.stop();
		}
	}

	/**
	 * Works on a file.
	 * @param mayBeLarge whether this may take long
	 */
	private void work(Task task, boolean mayBeLarge) {
		PendingFile file = task.file();
		try {
			if (this.volume.state() instanceof VolumeState.NotAvailable) {
				forgetDeletes(task);
			}
			else if (file.isDirectory()) {
				this.guard.directoryGone(this.volume, file.path(), task.seenIn());
				this.settling.done(task);
			}
			else {
				MediaId id = new MediaId(this.volume.name(), file.path());
				if (mayBeLarge || !LargeFiles.isLarge(path(id))) {
					check(task, id);
				}
				else {
					this.large.execute(() -> work(task, true));
				}
			}
		}
		catch (IOException ex) {
			unreadable(task, ex);
		}
		catch (CatalogException ex) {
			later(task, "it cannot be recorded: " + ex.getMessage(), TROUBLE);
		}
		catch (RuntimeException ex) {
			failed(task, ex);
		}
	}

	/**
	 * A fault of this program: the file is tried again and listed as not finished until
	 * it is.
	 */
	private void failed(Task task, RuntimeException met) {
		String reason = "looking at it failed: " + met;
		if (!reason.equals(task.file().reason())) {
			LOG.atError()
				.addKeyValue("media", this.volume.name() + "/" + task.file().path())
				.setCause(met)
				.log("Looking at a file failed; it is tried again and again: report this");
		}
		later(task, reason, TROUBLE);
	}

	/**
	 * What was seen to go may have been seen in a directory that is the volume's no more:
	 * such a file is missing, and a scan says so.
	 */
	private void forgetDeletes(Task task) {
		if (task.file().isDirectory()) {
			this.settling.done(task);
		}
		else {
			later(task.withoutDeletes(), "the volume is not available", TROUBLE);
		}
	}

	private void check(Task task, MediaId id) throws IOException {
		Unclosed unclosed = task.unclosed();
		if (unclosed != null && this.writers.areWaitedFor(unclosed, id)) {
			later(task, "its writer has not closed it", LONGEST);
			return;
		}
		Scanned found = this.check.check(this.volume, id, Origin.WATCH);
		switch (found) {
			case BEING_WRITTEN -> beingWritten(task, id);
			case VANISHED, NO_FILE -> vanished(task, id, found);
			case UNREADABLE -> unreadable(task, new IOException("it cannot be read"));
			default -> {
				for (String former : task.formerPaths()) {
					this.guard.moved(this.volume, new MediaId(this.volume.name(), former), id, task.seenIn());
				}
				finish(task.withoutDeletes(), found);
			}
		}
	}

	/**
	 * Where it was not seen to go, it may have another name by now, and an event is about
	 * to tell. Where none does, the names that it had are not known to have gone with it.
	 */
	private void vanished(Task task, MediaId id, Scanned found) throws IOException {
		if (!task.gone() && !task.formerPaths().isEmpty() && !UNTOLD.equals(task.file().reason())) {
			later(task, UNTOLD, TROUBLE);
			return;
		}
		if (task.gone()) {
			gone(id, task.seenIn());
			for (String former : task.formerPaths()) {
				gone(new MediaId(this.volume.name(), former), task.seenIn());
			}
		}
		finish(task.gone() ? task.withoutDeletes() : task, found);
	}

	/**
	 * Where the file was moved into a directory that was not watched yet, its old name is
	 * dealt with after the new one, or is missing where no more files can wait.
	 */
	private void gone(MediaId id, long seenIn) throws IOException {
		Optional<String> found = this.newNames.of(id);
		if (found.isPresent()) {
			this.settling.renamed(id.path(), found.get(), seenIn);
		}
		else {
			this.guard.deleteObserved(this.volume, id, seenIn);
		}
	}

	NewNames newNames() {
		return this.newNames;
	}

	Writers writers() {
		return this.writers;
	}

	/**
	 * How many files were taken for finished because of their times alone.
	 */
	long byTimeAlone() {
		return this.check.byTimeAlone(this.volume.name());
	}

	private Path path(MediaId id) {
		return this.volume.root().resolve(id.path());
	}

	private void beingWritten(Task task, MediaId id) throws IOException {
		Duration left = this.check.untilSettled(FileStat.of(path(id)).stamp());
		if (!this.writers.isOpen(id, WriterProbe.Answer.WRITTEN)) {
			later(task, "it is being changed", left.isPositive() ? left.plus(SHORTEST) : SHORTEST);
			return;
		}
		// Its closing is an event; this is for the case that it is missed.
		int attempts = task.file().lookedInVain(OPEN);
		later(task, OPEN, Duration.ofMillis(Math.min(LONGEST.toMillis(), 250L << Math.min(attempts, 6))));
	}

	private void later(Task task, String reason, Duration delay) {
		PendingFile file = task.file();
		file.lookedInVain(reason);
		Duration waits = this.settling.passed(file.begun());
		if (waits.compareTo(this.stuckAfter) >= 0 && file.tellOnce()) {
			LOG.atWarn()
				.addKeyValue("media", this.volume.name() + "/" + file.path())
				.addKeyValue("since", file.since())
				.addKeyValue("reason", reason)
				.log("File does not get finished and is not replicated: end the program that writes to it");
		}
		try {
			task.findings().forEach((findings) -> findings.lookedAt(false));
		}
		finally {
			this.settling.later(task, delay);
		}
	}

	private void unreadable(Task task, IOException met) {
		int attempts = task.file().metUnreadable();
		if (attempts < ATTEMPTS) {
			later(task, "it cannot be read: " + met.getMessage(), Duration.ofSeconds(attempts));
			return;
		}
		LOG.atWarn()
			.addKeyValue("media", this.volume.name() + "/" + task.file().path())
			.addKeyValue("reason", met.toString())
			.log("Not read by the watcher: let the user that runs Holdfast read it; the next scan tries again");
		finish(task, Scanned.UNREADABLE);
	}

	private void finish(Task task, Scanned found) {
		this.counts.settled(found);
		try {
			for (FoundFiles findings : task.findings()) {
				findings.lookedAt(found == Scanned.PUBLISHED);
			}
		}
		finally {
			this.settling.done(task);
		}
	}

}
