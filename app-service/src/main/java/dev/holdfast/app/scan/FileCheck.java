package dev.holdfast.app.scan;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

import dev.holdfast.app.catalog.Catalog;
import dev.holdfast.app.catalog.CatalogEntry;
import dev.holdfast.app.catalog.FileStamp;
import dev.holdfast.app.catalog.ReplicaState;
import dev.holdfast.app.catalog.ScanRecords;
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
import dev.holdfast.model.VolumeName;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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

	private static final Logger LOG = LoggerFactory.getLogger(FileCheck.class);

	private static final int CHUNK = 256 * 1024;

	private final Catalog catalog;

	private final ScanRecords records;

	private final FileLocks locks;

	private final Stillness stillness;

	private final OverwriteGuard guard;

	/**
	 * A check for all volumes.
	 * @param probe tells who has a file open for writing
	 * @param guard is asked before other bytes of a known file are recorded
	 */
	public FileCheck(Catalog catalog, FileLocks locks, Clock clock, ScanSettings settings, WriterProbe probe,
			OverwriteGuard guard) {
		this.catalog = catalog;
		this.records = catalog.scanRecords();
		this.locks = locks;
		this.stillness = new Stillness(probe, settings, clock, System::nanoTime);
		this.guard = guard;
	}

	/**
	 * Whether the file is as it was recorded, as far as can be told without reading it.
	 */
	public boolean isUnchanged(MediaId id, FileStamp stamp) {
		return storedEntry(id).filter((entry) -> stamp.equals(entry.stamp())).isPresent();
	}

	/**
	 * Whether a program has the file open for writing, as far as the system tells.
	 * @return empty where there is no regular file of that name
	 */
	public Optional<WriterProbe.Answer> openForWriting(Volume volume, MediaId id) throws IOException {
		Optional<Place> found = volume.find(id);
		if (found.isEmpty()) {
			return Optional.empty();
		}
		try (Place place = found.get()) {
			return place.stat().map((seen) -> this.stillness.openForWriting(place, seen));
		}
		catch (NoSuchFileException | PathRefusedException ex) {
			return Optional.empty();
		}
	}

	/**
	 * When to come again to a file that is {@link Scanned#BEING_WRITTEN}: when it will
	 * have been still long enough for a file that nobody has open, and after that, when
	 * it will have been for any file.
	 * @return zero or less where it has been still for the settle time, and so a program
	 * has it open
	 */
	public Duration untilSettled(FileStamp stamp) {
		return this.stillness.untilSettled(stamp);
	}

	/**
	 * How many files of the volume were published that were taken for finished because of
	 * their times alone, as the system did not tell who had them open.
	 */
	public long byTimeAlone(VolumeName volume) {
		return this.stillness.byTimeAlone(volume);
	}

	/**
	 * Reads the file if need be. The file is locked only for the last look at it and the
	 * record, so an upload never waits for the reading.
	 * @param origin how Holdfast came to know of it, for its event
	 * @return {@link Scanned#BEING_WRITTEN} where it is to be looked at again, see
	 * {@link #untilSettled}
	 * @throws dev.holdfast.app.volume.VolumeNotAvailableException where the volume is not
	 * available, or went away while the file was read
	 * @throws IOException where the volume does not let it be read
	 */
	public Scanned check(Volume volume, MediaId id, Origin origin) throws IOException {
		return check(volume, id, origin, false, Pace.NONE);
	}

	/**
	 * The same at a pace.
	 * @param always whether to read the file although nothing says that it has changed:
	 * where it has all the same, it is damaged, which is marked and never published
	 */
	Scanned check(Volume volume, MediaId id, Origin origin, boolean always, Pace pace) throws IOException {
		long taking = volume.requireTaken();
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
			Optional<CatalogEntry> known = storedEntry(id);
			boolean unchanged = known.isPresent() && stat.stamp().equals(known.get().stamp());
			if (unchanged && !always) {
				return asRecorded(id, known.get());
			}
			// Rebuilt from the topics, which carry no stamps.
			boolean alike = known.isPresent() && known.get().stamp() == null && looksAlike(known.get(), stat);
			if (alike && !always) {
				this.catalog.recordStamp(id, known.get().event().version(), stat.stamp());
				return Scanned.SAME_BYTES;
			}
			Stillness.Verdict verdict = this.stillness.of(id, place, stat);
			if (verdict == Stillness.Verdict.UNFINISHED) {
				return Scanned.BEING_WRITTEN;
			}
			Digest digest = digest(place, stat.stamp().size(), pace);
			if (this.stillness.openForWriting(place, stat) == WriterProbe.Answer.WRITTEN) {
				return Scanned.BEING_WRITTEN;
			}
			// What was read may have been on something that lay over the volume.
			volume.requireTaken(taking);
			Scanned became = record(id, place, stat, digest, origin, unchanged || alike);
			if (became == Scanned.PUBLISHED && verdict == Stillness.Verdict.STILL) {
				this.stillness.wentByTimeAlone(id);
			}
			return became;
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

	/**
	 * A file whose stamp is the recorded one.
	 */
	private Scanned asRecorded(MediaId id, CatalogEntry known) {
		if (known.missing() != null) {
			this.records.markFound(List.of(id));
		}
		return (known.damaged() != null) ? Scanned.DAMAGED : Scanned.UNCHANGED;
	}

	private static Digest digest(Place place, long size, Pace pace) throws IOException {
		MessageDigest sha256 = Digest.newSha256();
		ByteBuffer chunk = ByteBuffer.allocate(Math.clamp(size, 1, CHUNK));
		try (FileChannel channel = place.open()) {
			long begun = System.nanoTime();
			while (channel.read(chunk) >= 0) {
				int length = chunk.flip().remaining();
				sha256.update(chunk);
				chunk.clear();
				if (length == CHUNK) {
					pace.busy(System.nanoTime() - begun);
				}
				pace.bytes(length);
				begun = System.nanoTime();
			}
		}
		return Digest.ofSha256(sha256.digest());
	}

	private Scanned record(MediaId id, Place place, FileStat read, Digest digest, Origin origin, boolean untouched)
			throws IOException {
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
					if (!untouched && isLeftBehind(id)) {
						return publish(id, read, digest, stored.origin());
					}
					this.catalog.recordStamp(id, stored.version(), read.stamp());
					return untouched ? Scanned.UNCHANGED : Scanned.SAME_BYTES;
				}
				if (untouched || digest.equals(known.get().damaged())) {
					return damaged(id, stored, digest, known.get(), read);
				}
				if (this.guard.admitOverwrite(id, known.get(), read.stamp(), digest) == Admission.HELD) {
					if (known.get().missing() != null) {
						// It is there, if with other bytes.
						this.records.markFound(List.of(id));
					}
					return Scanned.HELD_BACK;
				}
			}
			return publish(id, read, digest, origin);
		}
	}

	private Scanned publish(MediaId id, FileStat read, Digest digest, Origin origin) {
		this.catalog.recordFound(id, read.stamp(), (version) -> new MediaStored(id, version, read.stamp().size(),
				digest, ContentTypes.byName(id.fileName()), read.modified(), read.owner(), read.mode(), origin));
		return Scanned.PUBLISHED;
	}

	/**
	 * Whether the event is out and nothing came of it yet. Sync-worker may have met other
	 * bytes than the event's while a program wrote these very bytes again: then it has
	 * passed the event over, for the next one to tell what the file is in the end.
	 */
	private boolean isLeftBehind(MediaId id) {
		return this.catalog.status(id)
			.filter((status) -> status.state() != ReplicaState.REPLICATED && !status.inOutbox())
			.isPresent();
	}

	/**
	 * Other bytes, and nothing says that anyone has written them: or the very bytes that
	 * were found so before, under times that someone has touched since.
	 */
	private Scanned damaged(MediaId id, MediaStored stored, Digest found, CatalogEntry known, FileStat read) {
		if (!found.equals(known.damaged())) {
			LOG.atWarn()
				.addKeyValue("media", id)
				.addKeyValue("recorded", stored.digest())
				.addKeyValue("found", found)
				.log("Damaged: its bytes have changed although neither its size nor a time of it has. The replica is kept"
						+ " as it is. Put the file back from the replica, or, where these bytes are right, upload them");
		}
		this.records.markDamaged(id, stored.version(), found, read.stamp());
		return Scanned.DAMAGED;
	}

	private Optional<CatalogEntry> storedEntry(MediaId id) {
		return this.catalog.find(id).filter((entry) -> entry.event() instanceof MediaStored);
	}

}
