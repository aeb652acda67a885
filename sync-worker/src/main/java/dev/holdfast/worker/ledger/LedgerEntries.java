package dev.holdfast.worker.ledger;

import java.time.Clock;
import java.util.Optional;

import dev.holdfast.model.LedgerRecord;
import dev.holdfast.model.MediaEvent;
import dev.holdfast.model.MediaStored;
import dev.holdfast.model.ReplicaRemoved;
import dev.holdfast.model.Replicated;
import dev.holdfast.model.StoreName;
import dev.holdfast.worker.replicate.Outcome;
import dev.holdfast.worker.store.StoredObject;

/**
 * Words an outcome for the ledger, for one store.
 *
 * @param store the store's name
 * @param bucket the bucket behind it
 * @param clock what time it is
 */
public record LedgerEntries(StoreName store, String bucket, Clock clock) {

	/**
	 * The ledger's record of an outcome; empty where the ledger says nothing of it.
	 * @param event what was carried out
	 * @param outcome how it ended
	 * @param attempts how many attempts it took
	 */
	public Optional<LedgerRecord> of(MediaEvent event, Outcome outcome, int attempts) {
		return switch (outcome) {
			case Outcome.Replicated(StoredObject object) -> Optional.of(replicated(event, object, attempts));
			case Outcome.AlreadyThere(StoredObject object) -> Optional.of(replicated(event, object, 0));
			case Outcome.Removed removed -> Optional.of(removed(event, removed));
			case Outcome.Superseded _, Outcome.NothingToDo _ -> Optional.empty();
		};
	}

	private Replicated replicated(MediaEvent event, StoredObject object, int attempts) {
		if (!(event instanceof MediaStored stored)) {
			throw new IllegalArgumentException("Only a stored file is replicated, not " + event);
		}
		return new Replicated(stored.id(), stored.version(), this.store, this.clock.instant(), this.bucket,
				object.key(), object.objectVersion(), object.etag(), stored.size(), stored.digest(), attempts);
	}

	private ReplicaRemoved removed(MediaEvent event, Outcome.Removed removed) {
		if (!(event instanceof MediaEvent.OfFile ofFile)) {
			throw new IllegalArgumentException("Only a file's replica is removed, not " + event);
		}
		return new ReplicaRemoved(ofFile.id(), ofFile.version(), this.store, this.clock.instant(),
				removed.disposition(), removed.objectVersion());
	}

}
