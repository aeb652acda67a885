package dev.holdfast.worker.replay;

import java.time.Duration;
import java.util.Optional;

import dev.holdfast.model.LedgerRecord;
import dev.holdfast.model.MediaDeleted;
import dev.holdfast.model.MediaEvent;
import dev.holdfast.model.MediaStored;
import dev.holdfast.model.ObjectKeys;
import dev.holdfast.model.Version;
import dev.holdfast.worker.ledger.LedgerEntries;
import dev.holdfast.worker.replicate.Outcome;
import dev.holdfast.worker.replicate.Replicator;
import dev.holdfast.worker.source.MediaSource;
import dev.holdfast.worker.source.SourceException;
import dev.holdfast.worker.source.SourceFile;
import dev.holdfast.worker.store.ObjectStore;
import dev.holdfast.worker.store.ReplicaMetadata;
import dev.holdfast.worker.store.StoreException;
import dev.holdfast.worker.store.StoredObject;
import io.github.resilience4j.core.IntervalFunction;
import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryConfig;

/**
 * Replays one file that the survey could not settle: looks at its object, where there is
 * one, and lets the replicator of live replication do the rest, fences and all.
 */
final class FileReplay {

	private static final int ATTEMPTS = 3;

	private static final RetryConfig RETRY = RetryConfig.custom()
		.maxAttempts(ATTEMPTS)
		.intervalFunction(IntervalFunction.ofExponentialRandomBackoff(Duration.ofMillis(200), 2, 0.5))
		.retryOnException(FileReplay::mayPass)
		.build();

	private final ObjectStore store;

	private final MediaSource source;

	private final Replicator replicator;

	private final ObjectKeys keys;

	private final LedgerEntries entries;

	private final Ledger ledger;

	private final boolean dryRun;

	FileReplay(ReplayParts parts, boolean dryRun) {
		this.store = parts.store();
		this.source = parts.source();
		this.replicator = parts.replicator();
		this.keys = parts.keys();
		this.entries = parts.entries();
		this.ledger = parts.ledger();
		this.dryRun = dryRun;
	}

	/**
	 * Replays a file, writes to the ledger how it ended, and counts it.
	 * @param state what is known of the file, told what was written
	 * @param listed whether the bucket lists an object for it
	 * @param tally where it is counted
	 * @throws StoreException only where no file can be replayed now
	 */
	void replay(MediaEvent.OfFile event, FileState state, boolean listed, Tally tally)
			throws StoreException, InterruptedException {
		String file = event.id().toString();
		try {
			Attempts attempts = new Attempts();
			Outcome outcome = Retry.of("replay", RETRY).executeCallable(() -> {
				attempts.made++;
				return this.dryRun ? foresee(event, listed) : carryOut(event, listed);
			});
			if (!this.dryRun) {
				Optional<LedgerRecord> entry = this.entries.of(event, outcome, attempts.made);
				if (entry.isPresent()) {
					this.ledger.write(entry.get());
					state.written(event.version());
				}
			}
			count(file, outcome, tally);
		}
		catch (StoreException ex) {
			if (isOutage(ex)) {
				throw ex;
			}
			tally.failed(file, String.valueOf(ex.getMessage()));
		}
		catch (SourceException ex) {
			String reason = String.valueOf(ex.getMessage());
			switch (ex.kind()) {
				case MISSING -> tally.missing(file, reason);
				case CHANGED -> tally.changed(file, reason);
				case UNREADABLE, VOLUME_AWAY, TRANSIENT -> tally.failed(file, reason);
			}
		}
		catch (InterruptedException | RuntimeException ex) {
			throw ex;
		}
		catch (Exception ex) {
			throw new IllegalStateException("Replay of " + file, ex);
		}
	}

	private static final class Attempts {

		private int made;

	}

	private Outcome carryOut(MediaEvent.OfFile event, boolean listed)
			throws StoreException, SourceException, InterruptedException {
		if (event instanceof MediaStored stored && listed) {
			Optional<Outcome> settled = look(stored);
			if (settled.isPresent()) {
				return settled.get();
			}
		}
		return this.replicator.carryOut(event);
	}

	/** What the object under the key settles by itself, without reading the file. */
	private Optional<Outcome> look(MediaStored event) throws StoreException, InterruptedException {
		Optional<StoredObject> present = this.store.head(this.keys.keyOf(event.id()));
		ReplicaMetadata metadata = present.map(StoredObject::metadata).orElse(null);
		if (present.isEmpty() || metadata == null) {
			return Optional.empty();
		}
		if (metadata.version().isAfter(event.version())) {
			return Optional.of(new Outcome.Superseded("the store has a later version", metadata.version()));
		}
		boolean same = metadata.version().equals(event.version()) && metadata.digest().equals(event.digest())
				&& present.get().size() == event.size();
		return same ? Optional.of(new Outcome.AlreadyThere(present.get())) : Optional.empty();
	}

	/** How it would end, as far as can be told without changing anything. */
	private Outcome foresee(MediaEvent.OfFile event, boolean listed)
			throws StoreException, SourceException, InterruptedException {
		return switch (event) {
			case MediaDeleted _ -> new Outcome.NothingToDo();
			case MediaStored stored -> {
				Optional<Outcome> settled = listed ? look(stored) : Optional.empty();
				if (settled.isPresent()) {
					yield settled.get();
				}
				try (SourceFile file = this.source.open(stored)) {
					yield (file.size() == stored.size())
							? new Outcome.Replicated(new StoredObject("", stored.size(), "", null, null))
							: new Outcome.Superseded("the file has another size", null);
				}
			}
		};
	}

	private static void count(String file, Outcome outcome, Tally tally) {
		switch (outcome) {
			case Outcome.Replicated(StoredObject object) -> {
				tally.replayed.increment();
				tally.replayedBytes.add(object.size());
			}
			case Outcome.AlreadyThere _ -> tally.alreadyThere.increment();
			case Outcome.Superseded(String why, Version by) -> {
				if (by != null) {
					tally.superseded.increment();
				}
				else {
					// Neither the bytes of the event were put, which are gone, nor what
					// is
					// there now.
					tally.changed(file, why);
				}
			}
			case Outcome.Removed _, Outcome.NothingToDo _ -> tally.deleted.increment();
		}
	}

	private static boolean mayPass(Throwable failure) {
		return switch (failure) {
			case StoreException ex -> switch (ex.kind()) {
				case TRANSIENT, THROTTLED, REFUSED_BYTES, CONFLICT -> true;
				case NOT_FOUND, UNREACHABLE, DENIED, NO_BUCKET, PERMANENT -> false;
			};
			case SourceException ex -> ex.kind() == SourceException.Kind.TRANSIENT;
			default -> false;
		};
	}

	/** Whether the next file would fail in the same way. */
	private static boolean isOutage(StoreException failure) {
		return switch (failure.kind()) {
			case UNREACHABLE, DENIED, NO_BUCKET -> true;
			case CONFLICT, REFUSED_BYTES, NOT_FOUND, TRANSIENT, THROTTLED, PERMANENT -> false;
		};
	}

}
