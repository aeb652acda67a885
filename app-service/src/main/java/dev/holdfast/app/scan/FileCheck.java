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
 * has.
 * <p>
 * This is what makes a crash between the rename of an upload and the catalog's
 * transaction good: the file is there, whole, and unknown.
 */
final class FileCheck {

	private final Catalog catalog;

	private final FileLocks locks;

	private final Clock clock;

	private final Duration settle;

	FileCheck(Catalog catalog, FileLocks locks, Clock clock, Duration settle) {
		this.catalog = catalog;
		this.locks = locks;
		this.clock = clock;
		this.settle = settle;
	}

	/**
	 * Whether the file is as it was recorded, as far as can be told without reading it.
	 */
	boolean isUnchanged(MediaId id, FileStamp stamp) {
		return storedEntry(id).filter((entry) -> stamp.equals(entry.stamp())).isPresent();
	}

	/**
	 * How long to wait until the file has been still for the settle time; zero or less
	 * where it has been.
	 */
	Duration untilSettled(FileStamp stamp) {
		Instant touched = Instant.EPOCH.plusNanos(Math.max(stamp.modifiedNanos(), stamp.changedNanos()));
		Instant now = this.clock.instant();
		// A time from the future says nothing: such a file is only looked at twice.
		return touched.isAfter(now) ? Duration.ZERO : Duration.between(now, touched.plus(this.settle));
	}

	/**
	 * Reads the file if need be. The file is locked only for the last look at it and the
	 * record, so an upload never waits for the reading.
	 * @throws IOException where the volume does not let it be read
	 */
	Scanned check(Volume volume, MediaId id) throws IOException {
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
			if (untilSettled(stat.stamp()).isPositive()) {
				return Scanned.BEING_WRITTEN;
			}
			return record(id, place, stat, digest(place));
		}
		catch (NoSuchFileException ex) {
			return Scanned.VANISHED;
		}
		catch (PathRefusedException ex) {
			// Something else has taken the name since it was listed.
			return Scanned.NO_FILE;
		}
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

	private Scanned record(MediaId id, Place place, FileStat read, Digest digest) throws IOException {
		try (FileLocks.Held _ = this.locks.lock(id)) {
			Optional<FileStat> now = place.stat();
			if (now.isEmpty()) {
				return Scanned.VANISHED;
			}
			if (!now.get().stamp().equals(read.stamp())) {
				return isUnchanged(id, now.get().stamp()) ? Scanned.UNCHANGED : Scanned.BEING_WRITTEN;
			}
			Optional<CatalogEntry> known = storedEntry(id);
			if (known.isPresent() && known.get().event() instanceof MediaStored stored
					&& stored.digest().equals(digest)) {
				this.catalog.recordStamp(id, stored.version(), read.stamp());
				return Scanned.SAME_BYTES;
			}
			this.catalog.recordStored(id, read.stamp(),
					(version) -> new MediaStored(id, version, read.stamp().size(), digest,
							ContentTypes.byName(id.fileName()), read.modified(), read.owner(), read.mode(),
							Origin.SCAN));
			return Scanned.PUBLISHED;
		}
	}

	private Optional<CatalogEntry> storedEntry(MediaId id) {
		return this.catalog.find(id).filter((entry) -> entry.event() instanceof MediaStored);
	}

}
