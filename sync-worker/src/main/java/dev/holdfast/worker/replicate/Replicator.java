package dev.holdfast.worker.replicate;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.file.NoSuchFileException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

import dev.holdfast.model.Digest;
import dev.holdfast.model.InvalidMediaPathException;
import dev.holdfast.model.MediaDeleted;
import dev.holdfast.model.MediaEvent;
import dev.holdfast.model.MediaStored;
import dev.holdfast.model.ObjectKeys;
import dev.holdfast.model.Version;
import dev.holdfast.model.WatchGap;
import dev.holdfast.worker.source.MediaSource;
import dev.holdfast.worker.source.SourceException;
import dev.holdfast.worker.source.SourceFile;
import dev.holdfast.worker.store.BytesContent;
import dev.holdfast.worker.store.ContentSource;
import dev.holdfast.worker.store.ObjectStore;
import dev.holdfast.worker.store.PutCondition;
import dev.holdfast.worker.store.PutRequest;
import dev.holdfast.worker.store.ReplicaMetadata;
import dev.holdfast.worker.store.StoreException;
import dev.holdfast.worker.store.StoredObject;

/**
 * Carries out one event on one store: once, without retrying, without a ledger. Doing it
 * again is harmless, and so is doing it late.
 * <p>
 * <b>Fencing.</b> A put happens only where there is no object, or where the object is
 * still the very one that was looked at and found to be older. So an older version never
 * replaces a newer one, not even from a worker that has lost its partition while it was
 * uploading.
 * <p>
 * <b>The bytes.</b> A small file is read into memory once, and the bytes that were hashed
 * are the bytes that are sent. A large one is sent from the file, under the digest of the
 * event, which the store checks; the file is looked at before and after.
 * <p>
 * Safe for use by several threads, but not for the same media file at the same time.
 */
public final class Replicator {

	/**
	 * How often a condition may fail that had just been looked up: each time somebody
	 * else wrote to the very key in between.
	 */
	private static final int FENCE_ATTEMPTS = 8;

	/** A large file's attempt takes minutes, its last step does not. */
	private static final Duration LONGEST_PAUSE_UNIT = Duration.ofSeconds(1);

	private static final String CHANGED_WHILE_READ = "the file changed while it was read";

	private final ObjectStore store;

	private final MediaSource source;

	private final ObjectKeys keys;

	private final long largeThreshold;

	private final Removal removal;

	/**
	 * A replicator.
	 * @param store what receives the replicas
	 * @param source where files are read
	 * @param keys which key each has
	 * @param largeThreshold files of more bytes than this are not held in memory
	 * @param deletes what becomes of the replicas of deleted files
	 */
	public Replicator(ObjectStore store, MediaSource source, ObjectKeys keys, long largeThreshold,
			DeleteProperties deletes) {
		this.store = store;
		this.source = source;
		this.keys = keys;
		this.largeThreshold = largeThreshold;
		this.removal = new Removal(store, keys, deletes, Clock.systemUTC());
	}

	/**
	 * Brings the store to what the event says.
	 * @throws StoreException where the store does not do its part
	 * @throws SourceException where the file cannot be read
	 */
	public Outcome carryOut(MediaEvent event) throws StoreException, SourceException, InterruptedException {
		return switch (event) {
			case MediaStored stored -> replicate(stored);
			case MediaDeleted deleted -> this.removal.carryOut(deleted, keyOf(deleted));
			case WatchGap _ -> new Outcome.NothingToDo();
		};
	}

	private Outcome replicate(MediaStored event) throws StoreException, SourceException, InterruptedException {
		String key = keyOf(event);
		try (SourceFile file = this.source.open(event)) {
			if (file.size() != event.size()) {
				return changed("the file has " + file.size() + " bytes, the event says " + event.size());
			}
			return (event.size() <= this.largeThreshold) ? replicateSmall(event, key, file)
					: replicateLarge(event, key, file);
		}
		catch (SourceException ex) {
			if (ex.kind() == SourceException.Kind.CHANGED) {
				return changed(String.valueOf(ex.getMessage()));
			}
			if (ex.kind() == SourceException.Kind.MISSING) {
				// It comes again after a crash between the put and its record: the
				// replica may be the only copy there is.
				Optional<Outcome> settled = this.store.head(key).flatMap((object) -> settled(event, object));
				if (settled.isPresent()) {
					return settled.get();
				}
			}
			throw ex;
		}
	}

	private Outcome replicateSmall(MediaStored event, String key, SourceFile file)
			throws StoreException, SourceException, InterruptedException {
		byte[] bytes = file.readAll();
		if (!Digest.of(bytes).equals(event.digest())) {
			return changed("the file no longer has the digest of the event");
		}
		return fenced(event, key, new BytesContent(bytes), new PutCondition.Absent());
	}

	private Outcome replicateLarge(MediaStored event, String key, SourceFile file)
			throws StoreException, SourceException, InterruptedException {
		// Asked first: learning from a refused put that it was there costs sending it
		// all.
		Optional<StoredObject> present = this.store.head(key);
		Optional<Outcome> settled = present.flatMap((object) -> settled(event, object));
		if (settled.isPresent()) {
			return settled.get();
		}
		PutCondition condition = present.<PutCondition>map(PutCondition.Replaces::new)
			.orElseGet(PutCondition.Absent::new);
		Outcome outcome;
		try {
			outcome = fenced(event, key, file.content(), condition);
		}
		catch (StoreException ex) {
			if (ex.kind() == StoreException.Kind.REFUSED_BYTES && hasOtherBytes(event, file)) {
				return changed(CHANGED_WHILE_READ);
			}
			throw ex;
		}
		catch (SourceException ex) {
			if (!file.unchanged() && hasOtherBytes(event, file)) {
				return changed(CHANGED_WHILE_READ);
			}
			throw ex;
		}
		boolean doubtful = outcome instanceof Outcome.Replicated && !file.unchanged();
		return (doubtful && hasOtherBytes(event, file)) ? changed(CHANGED_WHILE_READ) : outcome;
	}

	private static boolean hasOtherBytes(MediaStored event, SourceFile file) throws SourceException {
		try (InputStream in = Channels.newInputStream(file.content().open())) {
			return !Digest.of(in).equals(event.digest());
		}
		catch (NoSuchFileException ex) {
			// Gone is not changed: what the store accepted under the digest still counts.
			return false;
		}
		catch (IOException ex) {
			throw transientRead(event, ex);
		}
	}

	/**
	 * Puts, and where the condition does not hold looks at what is there and decides.
	 */
	private Outcome fenced(MediaStored event, String key, ContentSource content, PutCondition first)
			throws StoreException, SourceException, InterruptedException {
		ReplicaMetadata metadata = new ReplicaMetadata(event.version(), event.digest(), event.modified(), event.owner(),
				event.mode());
		PutCondition condition = first;
		StoreException conflict = null;
		for (int attempt = 1; attempt <= FENCE_ATTEMPTS; attempt++) {
			long begun = System.nanoTime();
			try {
				return new Outcome.Replicated(this.store.put(
						new PutRequest(key, event.size(), event.digest(), event.contentType(), metadata, condition),
						content));
			}
			catch (StoreException ex) {
				if (ex.kind() != StoreException.Kind.CONFLICT) {
					throw ex;
				}
				conflict = ex;
			}
			catch (IOException ex) {
				throw transientRead(event, ex);
			}
			Optional<StoredObject> present = this.store.head(key);
			Optional<Outcome> settled = present.flatMap((object) -> settled(event, object));
			if (settled.isPresent()) {
				return settled.get();
			}
			// Where the first put meets an older version there is nobody to wait for.
			if (condition instanceof PutCondition.Replaces && attempt < FENCE_ATTEMPTS) {
				letTheOtherFinish(System.nanoTime() - begun, attempt);
			}
			condition = present.<PutCondition>map(PutCondition.Replaces::new).orElseGet(PutCondition.Absent::new);
		}
		throw new StoreException(StoreException.Kind.TRANSIENT, "put", key,
				"another writer was at the key at each of " + FENCE_ATTEMPTS + " attempts", "", conflict);
	}

	/**
	 * Two writers that replace an object at the same pace would end each other's uploads
	 * for ever. So each pauses for a random time, of the order of what an attempt takes
	 * and growing, as senders do that share a wire (truncated exponential backoff, IEEE
	 * 802.3 4.2.3.2.5).
	 */
	private static void letTheOtherFinish(long attemptNanos, int attempt) throws InterruptedException {
		long unit = Math.min(attemptNanos, LONGEST_PAUSE_UNIT.toNanos());
		TimeUnit.NANOSECONDS.sleep(ThreadLocalRandom.current().nextLong(1 + (unit << Math.min(attempt, 3))));
	}

	/**
	 * What the object under the key means for the event; empty where it is older, or not
	 * Holdfast's, and so gives way.
	 */
	private static Optional<Outcome> settled(MediaStored event, StoredObject present) {
		ReplicaMetadata metadata = present.metadata();
		if (metadata == null) {
			return Optional.empty();
		}
		Version there = metadata.version();
		if (there.isAfter(event.version())) {
			return Optional.of(new Outcome.Superseded("the store has a later version", there));
		}
		boolean same = there.equals(event.version()) && metadata.digest().equals(event.digest());
		return same ? Optional.of(new Outcome.AlreadyThere(present)) : Optional.empty();
	}

	private String keyOf(MediaEvent.OfFile event) throws StoreException {
		try {
			return this.keys.keyOf(event.id());
		}
		catch (InvalidMediaPathException ex) {
			throw new StoreException(StoreException.Kind.PERMANENT, "name", event.id().toString(),
					String.valueOf(ex.getMessage()), "", ex);
		}
	}

	private static Outcome changed(String why) {
		return new Outcome.Superseded(why, null);
	}

	/**
	 * The store reads large content by itself; what fails there is the source's failure.
	 */
	private static SourceException transientRead(MediaEvent.OfFile event, IOException ex) {
		return new SourceException(SourceException.Kind.TRANSIENT, event.volume(),
				"read '" + event.id() + "': " + ex.getMessage(), ex);
	}

}
