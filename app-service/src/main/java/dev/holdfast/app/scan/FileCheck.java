package dev.holdfast.app.scan;

import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

import dev.holdfast.app.catalog.Catalog;
import dev.holdfast.app.catalog.CatalogEntry;
import dev.holdfast.app.catalog.FileStamp;
import dev.holdfast.app.guard.Admission;
import dev.holdfast.app.media.ContentTypes;
import dev.holdfast.app.volume.FileLocks;
import dev.holdfast.app.volume.FileStat;
import dev.holdfast.app.volume.PathRefusedException;
import dev.holdfast.app.volume.Place;
import dev.holdfast.app.volume.Volume;
import dev.holdfast.model.Digest;
import dev.holdfast.model.MediaId;
import dev.holdfast.model.MediaStored;
import dev.holdfast.model.Origin;

/**
 * Compares one file with the catalog, reads it where the two differ, and records what it
 * has. Safe for use by many threads.
 * <p>
 * This is what makes a crash between the rename of an upload and the catalog's
 * transaction good: the file is there, whole, and unknown.
 * <p>
 * A file is read when nobody has it open for writing and it has been still for a moment;
 * where the system does not tell who has it open, when it has been still for the settle
 * time. After it was hashed both are looked at again.
 */
public final class FileCheck {

	private final Catalog catalog;

	private final FileLocks locks;

	private final Clock clock;

	private final ScanSettings settings;

	private final WriterProbe probe;

	private final OverwriteGuard guard;

	/**
	 * A check for all volumes.
	 * @param probe tells who has a file open for writing
	 * @param guard is asked before other bytes of a known file are recorded
	 */
	public FileCheck(Catalog catalog, FileLocks locks, Clock clock, ScanSettings settings, WriterProbe probe,
			OverwriteGuard guard) {
		this.catalog = catalog;
		this.locks = locks;
		this.clock = clock;
		this.settings = settings;
		this.probe = probe;
		this.guard = guard;
	}

	/**
	 * Whether the file is as it was recorded, as far as can be told without reading it.
	 */
	public boolean isUnchanged(MediaId id, FileStamp stamp) {
		return storedEntry(id).filter((entry) -> stamp.equals(entry.stamp())).isPresent();
	}

	/**
	 * When to come again to a file that is {@link Scanned#BEING_WRITTEN}: when it will
	 * have been still long enough for a file that nobody has open, and after that, when
	 * it will have been for any file.
	 * @return zero or less where it has been still for the settle time, and so a program
	 * has it open
	 */
	public Duration untilSettled(FileStamp stamp) {
		Duration closed = left(stamp, this.settings.settleClosed());
		return closed.isPositive() ? closed : left(stamp, this.settings.settle());
	}

	private Duration left(FileStamp stamp, Duration still) {
		Instant touched = Instant.EPOCH.plusNanos(Math.max(stamp.modifiedNanos(), stamp.changedNanos()));
		Instant now = this.clock.instant();
		// A time from the future says nothing: such a file is only looked at twice.
		return touched.isAfter(now) ? Duration.ZERO : Duration.between(now, touched.plus(still));
	}

	/**
	 * Reads the file if need be. The file is locked only for the last look at it and the
	 * record, so an upload never waits for the reading.
	 * @param origin how Holdfast came to know of it, for its event
	 * @return {@link Scanned#BEING_WRITTEN} where it is to be looked at again, see
	 * {@link #untilSettled}
	 * @throws IOException where the volume does not let it be read
	 */
	public Scanned check(Volume volume, MediaId id, Origin origin) throws IOException {
		Optional<Place> found = volume.find(id);
		if (found.isEmpty()) {
			return Scanned.VANISHED;
		}
		try (Place place = found.get()) {
			Optional<FileStat> seen = place.stat();
			if (seen.isEmpty()) {
				return Scanned.VANISHED;
			}
			FileStat stat = seen.get();
			if (isUnchanged(id, stat.stamp())) {
				return Scanned.UNCHANGED;
			}
			Optional<CatalogEntry> known = storedEntry(id);
			if (known.isPresent() && known.get().stamp() == null && looksAlike(known.get(), stat)) {
				// Rebuilt from the topics, which carry no stamps.
				this.catalog.recordStamp(id, known.get().event().version(), stat.stamp());
				return Scanned.SAME_BYTES;
			}
			if (!isFinished(place, stat)) {
				return Scanned.BEING_WRITTEN;
			}
			Digest digest = digest(place);
			return (this.probe.openForWriting(place, stat) == WriterProbe.Answer.WRITTEN) ? Scanned.BEING_WRITTEN
					: record(id, place, stat, digest, origin);
		}
		catch (NoSuchFileException ex) {
			return Scanned.VANISHED;
		}
		catch (PathRefusedException ex) {
			// Something else has taken the name since it was listed.
			return Scanned.NO_FILE;
		}
	}

	private boolean isFinished(Place place, FileStat stat) {
		if (left(stat.stamp(), this.settings.settleClosed()).isPositive()) {
			return false;
		}
		return switch (this.probe.openForWriting(place, stat)) {
			case WRITTEN -> false;
			case NOT_WRITTEN -> true;
			case UNKNOWN -> !left(stat.stamp(), this.settings.settle()).isPositive();
		};
	}

	private static boolean looksAlike(CatalogEntry known, FileStat stat) {
		return known.event() instanceof MediaStored stored && stored.size() == stat.stamp().size()
				&& stored.modified().toEpochMilli() == stat.modified().toEpochMilli();
	}

	private static Digest digest(Place place) throws IOException {
		try (FileChannel channel = place.open()) {
			return Digest.of(Channels.newInputStream(channel));
		}
	}

	private Scanned record(MediaId id, Place place, FileStat read, Digest digest, Origin origin) throws IOException {
		try (FileLocks.Held _ = this.locks.lock(id)) {
			Optional<FileStat> now = place.stat();
			if (now.isEmpty()) {
				return Scanned.VANISHED;
			}
			if (!now.get().stamp().equals(read.stamp())) {
				return isUnchanged(id, now.get().stamp()) ? Scanned.UNCHANGED : Scanned.BEING_WRITTEN;
			}
			Optional<CatalogEntry> known = storedEntry(id);
			if (known.isPresent() && known.get().event() instanceof MediaStored stored) {
				if (stored.digest().equals(digest)) {
					this.catalog.recordStamp(id, stored.version(), read.stamp());
					return Scanned.SAME_BYTES;
				}
				if (this.guard.admitOverwrite(id, known.get(), read.stamp()) == Admission.HELD) {
					return Scanned.HELD_BACK;
				}
			}
			this.catalog.recordStored(id, read.stamp(), (version) -> new MediaStored(id, version, read.stamp().size(),
					digest, ContentTypes.byName(id.fileName()), read.modified(), read.owner(), read.mode(), origin));
			return Scanned.PUBLISHED;
		}
	}

	private Optional<CatalogEntry> storedEntry(MediaId id) {
		return this.catalog.find(id).filter((entry) -> entry.event() instanceof MediaStored);
	}

}
