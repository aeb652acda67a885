package dev.holdfast.app.migrate;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

import dev.holdfast.app.scan.WriterProbe;
import dev.holdfast.app.volume.FileStat;
import dev.holdfast.app.volume.Place;
import dev.holdfast.app.volume.SourceTree;

/**
 * The folder that files are brought from, and what makes one of them finished: it has
 * been still for a time, and nobody has it open for writing as far as the system tells.
 *
 * @param tree the folder
 * @param settle for how long a file must have been still
 * @param clock tells how long that is
 * @param probe tells who has a file open for writing
 */
record SourceFolder(SourceTree tree, Duration settle, Clock clock, WriterProbe probe) {

	/**
	 * Finds a file that is finished.
	 * @throws SourceFile.Stop where there is none
	 */
	SourceFile open(String path) throws SourceFile.Stop {
		return SourceFile.open(this, path);
	}

	/**
	 * Whether nothing has touched it for a time. A modification time from the future is
	 * somebody's setting, and says nothing: nobody sets when a file was changed last.
	 */
	boolean isSettled(FileStat stat) {
		Instant now = this.clock.instant();
		Instant modified = stat.modified();
		Instant changed = Instant.EPOCH.plusNanos(stat.stamp().changedNanos());
		Instant touched = (modified.isAfter(now) || modified.isBefore(changed)) ? changed : modified;
		return touched.isAfter(now) || !touched.plus(this.settle).isAfter(now);
	}

	/**
	 * Whether a program is known to have it open for writing.
	 */
	boolean isOpenForWriting(Place place, FileStat seen) {
		return this.probe.openForWriting(place, seen) == WriterProbe.Answer.WRITTEN;
	}

}
