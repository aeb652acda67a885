package dev.holdfast.app.migrate;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

import dev.holdfast.app.catalog.FileStamp;
import dev.holdfast.app.scan.WriterProbe;
import dev.holdfast.app.volume.FileStat;
import dev.holdfast.app.volume.Place;
import dev.holdfast.app.volume.SourceReplacedException;
import dev.holdfast.app.volume.SourceTree;

/**
 * The folder that files are brought from, and what makes one of them finished: it has
 * been still for a time, and nobody has it open for writing as far as the system tells.
 */
final class SourceFolder {

	private final SourceTree tree;

	private final Duration settle;

	private final Clock clock;

	private final LongSupplier nanoTime;

	private final WriterProbe probe;

	/** Files whose times lie ahead, until they are finished. */
	private final Map<String, Sighting> ahead = new ConcurrentHashMap<>();

	/**
	 * A folder.
	 * @param tree the folder
	 * @param settle for how long a file must have been still
	 * @param clock tells how long that is
	 * @param nanoTime tells it of a file whose times lie ahead of the clock
	 * @param probe tells who has a file open for writing
	 */
	SourceFolder(SourceTree tree, Duration settle, Clock clock, LongSupplier nanoTime, WriterProbe probe) {
		this.tree = tree;
		this.settle = settle;
		this.clock = clock;
		this.nanoTime = nanoTime;
		this.probe = probe;
	}

	/**
	 * How a file was when it was first seen so.
	 *
	 * @param stamp how it was
	 * @param nanos when that was
	 */
	private record Sighting(FileStamp stamp, long nanos) {

	}

	SourceTree tree() {
		return this.tree;
	}

	/**
	 * Finds a file that is finished.
	 * @throws SourceFile.Stop where there is none
	 * @throws SourceReplacedException where the folder is another one by now
	 */
	SourceFile open(String path) throws SourceFile.Stop, SourceReplacedException {
		return SourceFile.open(this, path);
	}

	/**
	 * Whether nothing has touched it for a time. A modification time from the future is
	 * somebody's setting, and says nothing: nobody sets when a file was changed last.
	 * Where that lies ahead too, its file system goes by another clock, and says nothing
	 * about now: then it has to be seen unchanged for that time.
	 */
	boolean isSettled(String path, FileStat stat) {
		Instant now = this.clock.instant();
		Instant modified = stat.modified();
		Instant changed = Instant.EPOCH.plusNanos(stat.stamp().changedNanos());
		Instant touched = (modified.isAfter(now) || modified.isBefore(changed)) ? changed : modified;
		return touched.isAfter(now) ? hasBeenSeenStill(path, stat.stamp()) : !touched.plus(this.settle).isAfter(now);
	}

	private boolean hasBeenSeenStill(String path, FileStamp stamp) {
		long now = this.nanoTime.getAsLong();
		Sighting before = this.ahead.get(path);
		if (before == null || !before.stamp().equals(stamp)) {
			before = new Sighting(stamp, now);
			if (this.ahead.size() < SourceWalk.MOST_UNSETTLED) {
				// No more are come back to.
				this.ahead.put(path, before);
			}
		}
		boolean still = now - before.nanos() >= this.settle.toNanos();
		if (still) {
			this.ahead.remove(path);
		}
		return still;
	}

	/**
	 * Whether a program is known to have it open for writing.
	 */
	boolean isOpenForWriting(Place place, FileStat seen) {
		return this.probe.openForWriting(place, seen) == WriterProbe.Answer.WRITTEN;
	}

}
