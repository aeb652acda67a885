package dev.holdfast.app.media;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;

import dev.holdfast.app.api.ProblemException;
import dev.holdfast.app.api.ProblemType;
import dev.holdfast.app.catalog.Catalog;
import dev.holdfast.app.catalog.CatalogEntry;
import dev.holdfast.app.catalog.CatalogException;
import dev.holdfast.app.catalog.CatalogFullException;
import dev.holdfast.app.catalog.ReplicaState;
import dev.holdfast.app.volume.FileLocks;
import dev.holdfast.app.volume.FileStat;
import dev.holdfast.app.volume.Place;
import dev.holdfast.app.volume.StagedFile;
import dev.holdfast.app.volume.Volume;
import dev.holdfast.app.volume.Volumes;
import dev.holdfast.model.Digest;
import dev.holdfast.model.Evidence;
import dev.holdfast.model.MediaDeleted;
import dev.holdfast.model.MediaId;
import dev.holdfast.model.MediaStored;
import dev.holdfast.model.Origin;
import dev.holdfast.model.Version;
import dev.holdfast.model.VolumeName;

import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Changes media files, each change in an order that survives a crash at any line.
 * <p>
 * <b>Storing:</b> the bytes are on the disk under a name of the staging directory; then,
 * with the file locked, conditions are checked against the volume itself, the file gets
 * its name, the directory is synced, and the catalog records file and event in one
 * transaction. Only then is the client answered. A crash
 * <ul>
 * <li>before the rename leaves a file in the staging directory, which the next start
 * removes: the client has no answer, and what was there before still is;
 * <li>between rename and transaction leaves the whole file under its name, unknown to the
 * catalog: the scan at the next start publishes it, so that an upload without an answer
 * is kept rather than lost;
 * <li>after the transaction leaves an outbox row, which the relay publishes.
 * </ul>
 * <b>Deleting:</b> the file is unlinked, the directory synced, and then the catalog
 * records the delete. A crash in between leaves a file that is missing but not known as
 * deleted: its replicas stay, it is offered for restore, and the client, which got no
 * answer, deletes it again, which then records the delete. The other way round a crash
 * would leave a file on the volume whose replicas are being removed.
 */
@Component
final class MediaStore {

	/** How often a wait looks whether app-service is stopping. */
	private static final Duration WAIT_SLICE = Duration.ofMillis(500);

	/** Half of the requests that are worked on at a time. */
	private static final int MOST_WAITING = 128;

	private final Volumes volumes;

	private final Catalog catalog;

	private final FileLocks locks;

	private final CurrentDigests digests;

	private final WaitingClients waiting = new WaitingClients(MOST_WAITING);

	private volatile boolean stopping;

	MediaStore(Volumes volumes, Catalog catalog, FileLocks locks, CurrentDigests digests) {
		this.volumes = volumes;
		this.catalog = catalog;
		this.locks = locks;
		this.digests = digests;
	}

	/**
	 * The volume of that name.
	 * @throws ProblemException where there is none
	 */
	Volume volume(VolumeName name) {
		return this.volumes.find(name)
			.orElseThrow(() -> new ProblemException(ProblemType.NO_SUCH_VOLUME,
					"There is no volume '" + name + "': set holdfast.volumes." + name + " to have one"));
	}

	/**
	 * Fails where the file certainly cannot be stored, before its bytes are taken.
	 */
	void precheck(MediaId id, Preconditions preconditions) throws IOException {
		Volume volume = volume(id.volume());
		volume.requireWritable();
		Optional<Place> found = volume.find(id);
		if (found.isEmpty()) {
			preconditions.check(Optional.empty());
			return;
		}
		try (Place place = found.get()) {
			preconditions.check(place.stat().map((stat) -> new Found(id, place, stat)));
		}
	}

	/**
	 * Gives a finished file its name and records it.
	 * @throws ProblemException where a precondition does not hold
	 * @throws IOException where the volume does not take it
	 */
	Stored store(MediaId id, StagedFile staged, String contentType, Preconditions preconditions) throws IOException {
		Volume volume = volume(id.volume());
		try (FileLocks.Held _ = this.locks.lock(id)) {
			volume.requireWritable();
			try (Place place = volume.findOrMake(id)) {
				Optional<FileStat> replaced = place.stat();
				preconditions.check(replaced.map((stat) -> new Found(id, place, stat)));
				FileStat stat = place.put(staged, replaced);
				Digest digest = staged.digest();
				MediaStored event = record(id, stat, (version) -> new MediaStored(id, version, staged.size(), digest,
						contentType, stat.modified(), stat.owner(), stat.mode(), Origin.UPLOAD));
				return new Stored(event, replaced.isEmpty());
			}
		}
	}

	/**
	 * Records a file that has its name already. Where that fails the file stays: it is
	 * whole, what it replaced is gone, and the scan finds it.
	 */
	private MediaStored record(MediaId id, FileStat stat, Function<Version, MediaStored> event) {
		try {
			return this.catalog.recordStored(id, stat.stamp(), event);
		}
		catch (CatalogException ex) {
			ProblemType type = (ex instanceof CatalogFullException) ? ProblemType.INSUFFICIENT_STORAGE
					: ProblemType.UNAVAILABLE;
			throw new ProblemException(type, "The file is on the volume, but the catalog could not record it: "
					+ ex.getMessage() + ". Send it again, or leave it to the scan at the next start", ex);
		}
	}

	/**
	 * Deletes a file and records it. A file that is gone already but not known as deleted
	 * is recorded too.
	 * @throws ProblemException where there is no such file or a precondition does not
	 * hold
	 */
	void delete(MediaId id, Preconditions preconditions) throws IOException {
		Volume volume = volume(id.volume());
		try (FileLocks.Held _ = this.locks.lock(id)) {
			volume.requireWritable();
			Optional<Place> found = volume.find(id);
			if (found.isPresent()) {
				try (Place place = found.get()) {
					remove(id, place, preconditions);
				}
			}
			else {
				preconditions.check(Optional.of(requireRecorded(id)));
			}
			this.catalog.recordDeleted(id, (version) -> new MediaDeleted(id, version, Evidence.API_REQUEST));
		}
	}

	/**
	 * Lets no client wait any longer, so that app-service stops soon.
	 */
	@EventListener(ContextClosedEvent.class)
	void stop() {
		this.stopping = true;
	}

	/**
	 * Grants a client to wait.
	 * @param asked how long it would like to, if it asked
	 */
	WaitingClients.Granted grant(Optional<Duration> asked) {
		return this.waiting.grant(asked);
	}

	/**
	 * Waits until the file is replicated, for so long or until app-service stops.
	 */
	ReplicaState await(MediaStored stored, Duration atMost) {
		try {
			Duration left = atMost;
			while (true) {
				Duration slice = (left.compareTo(WAIT_SLICE) < 0) ? left : WAIT_SLICE;
				ReplicaState state = this.catalog.awaitSettled(stored.id(), stored.version(), slice);
				left = left.minus(slice);
				if (state.isSettled() || this.stopping || !left.isPositive()) {
					return state;
				}
			}
		}
		catch (InterruptedException ex) {
			// app-service is stopping: the file is stored all the same.
			Thread.currentThread().interrupt();
			return ReplicaState.PENDING;
		}
	}

	private void remove(MediaId id, Place place, Preconditions preconditions) throws IOException {
		Optional<FileStat> stat = place.stat();
		if (stat.isPresent()) {
			preconditions.check(Optional.of(new Found(id, place, stat.get())));
			place.delete();
		}
		else {
			preconditions.check(Optional.of(requireRecorded(id)));
			place.sync();
		}
	}

	private Recorded requireRecorded(MediaId id) {
		return this.catalog.find(id)
			.map(CatalogEntry::event)
			.filter(MediaStored.class::isInstance)
			.map((event) -> new Recorded((MediaStored) event))
			.orElseThrow(() -> new ProblemException(ProblemType.NO_SUCH_MEDIA, "There is no media file '" + id + "'"));
	}

	/**
	 * A file was stored.
	 *
	 * @param event what was recorded
	 * @param created whether there was none before
	 */
	record Stored(MediaStored event, boolean created) {

	}

	private final class Found implements Preconditions.Current {

		private final MediaId id;

		private final Place place;

		private final FileStat stat;

		Found(MediaId id, Place place, FileStat stat) {
			this.id = id;
			this.place = place;
			this.stat = stat;
		}

		@Override
		public Digest digest() throws IOException {
			try {
				return MediaStore.this.digests.of(this.id, this.place, this.stat);
			}
			catch (FileChangedException ex) {
				throw ex.toProblem();
			}
		}

		@Override
		public Instant modified() {
			return this.stat.modified();
		}

	}

	private record Recorded(MediaStored event) implements Preconditions.Current {

		@Override
		public Digest digest() {
			return this.event.digest();
		}

		@Override
		public Instant modified() {
			return this.event.modified();
		}

	}

}
