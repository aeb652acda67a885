package dev.holdfast.app.scan;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;

import dev.holdfast.app.catalog.CatalogException;
import dev.holdfast.app.catalog.ScanRecords.Work;
import dev.holdfast.app.volume.Volume;
import dev.holdfast.app.volume.VolumeNotAvailableException;
import dev.holdfast.model.MediaId;
import dev.holdfast.model.Origin;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The looks of one scan at files that differ, and what went wrong with them: some of it
 * is about one file, some ends the scan. Safe for use by many threads.
 */
final class Looks {

	private static final Logger LOG = LoggerFactory.getLogger(Looks.class);

	private final At at;

	private final FileCheck check;

	private final UnclosedFiles unclosed;

	private final Findings findings;

	private final CountDownLatch stop;

	/** Ends the reading: what was not looked at must not pass for looked at. */
	private volatile @Nullable Exception failure;

	Looks(At at, FileCheck check, UnclosedFiles unclosed, Findings findings, CountDownLatch stop) {
		this.at = at;
		this.check = check;
		this.unclosed = unclosed;
		this.findings = findings;
		this.stop = stop;
	}

	/**
	 * What is looked at.
	 *
	 * @param volume the volume
	 * @param always whether files are read although nothing says that they have changed
	 * @param pace how fast
	 */
	record At(Volume volume, boolean always, Pace pace) {

	}

	/**
	 * Looks at a file.
	 */
	Scanned at(Work work) {
		Volume volume = this.at.volume();
		try {
			this.at.pace().file();
			MediaId id = new MediaId(volume.name(), work.path());
			return this.unclosed.isLeftToItsWriter(id) ? Scanned.BEING_WRITTEN
					: this.check.check(volume, id, Origin.SCAN, this.at.always(), this.at.pace());
		}
		catch (VolumeNotAvailableException | CatalogException ex) {
			this.failure = ex;
			return Scanned.UNREADABLE;
		}
		catch (IOException ex) {
			if (this.stop.getCount() != 0) {
				unreadable(work.path(), ex);
			}
			return Scanned.UNREADABLE;
		}
		catch (RuntimeException ex) {
			// A fault of this program, which must not pass for a look at the file, nor
			// keep the others from being looked at.
			LOG.atError()
				.setCause(ex)
				.addKeyValue("media", volume.name() + "/" + work.path())
				.log("Looking at a file failed; the next scan tries again: report this");
			return Scanned.UNREADABLE;
		}
	}

	/**
	 * Tells of the first ones: a directory full of them need not fill the log.
	 */
	void unreadable(String path, IOException met) {
		if (this.findings.of(Scanned.UNREADABLE) < Findings.MOST_NAMES) {
			LOG.atWarn()
				.addKeyValue("volume", this.at.volume().name())
				.addKeyValue("path", path)
				.addKeyValue("reason", met.toString())
				.log("Not read by the scan: let the user that runs app-service read it");
		}
	}

	boolean haveFailed() {
		return this.failure != null;
	}

	/**
	 * Throws what ends the scan, if anything does.
	 * @throws VolumeNotAvailableException where the volume is or was away
	 * @throws CatalogException where the catalog does not take what was found
	 */
	void throwFailure() throws IOException {
		switch (this.failure) {
			case null -> {
			}
			case RuntimeException failed -> throw failed;
			case IOException failed -> throw failed;
			case Exception failed -> throw new IllegalStateException(failed);
		}
	}

}
