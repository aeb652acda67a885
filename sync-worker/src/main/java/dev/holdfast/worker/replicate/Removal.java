package dev.holdfast.worker.replicate;

import java.time.Clock;
import java.util.Optional;

import dev.holdfast.model.MediaDeleted;
import dev.holdfast.model.ObjectKeys;
import dev.holdfast.model.ReplicaRemoved.Disposition;
import dev.holdfast.worker.store.ObjectStore;
import dev.holdfast.worker.store.ReplicaMetadata;
import dev.holdfast.worker.store.StoreException;
import dev.holdfast.worker.store.StoredObject;
import dev.holdfast.worker.store.TrashNote;

/**
 * Carries out a delete on a store, as the volume's policy says. Doing it again is
 * harmless, at whichever line the first time ended.
 * <p>
 * <b>Fencing.</b> An object goes only where it is Holdfast's, is older than the delete,
 * and is still the one that was looked at in the moment when it goes. So a file that came
 * back keeps its replica, however late an older delete arrives. One case is left: the
 * same bytes were put again, by another worker, within the moment between look and
 * delete; a condition on the entity tag cannot tell these apart.
 */
final class Removal {

	private static final int ATTEMPTS = 5;

	private final ObjectStore store;

	private final TrashKeys trash;

	private final DeleteProperties policies;

	private final Clock clock;

	Removal(ObjectStore store, ObjectKeys keys, DeleteProperties policies, Clock clock) {
		this.store = store;
		this.trash = new TrashKeys(keys);
		this.policies = policies;
		this.clock = clock;
	}

	Outcome carryOut(MediaDeleted event, String key) throws StoreException, InterruptedException {
		StoreException conflict = null;
		for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
			Optional<StoredObject> present = this.store.head(key);
			if (present.isEmpty()) {
				return new Outcome.Removed(isInTrash(event, key) ? Disposition.TRASHED : Disposition.ABSENT, null);
			}
			ReplicaMetadata metadata = present.get().metadata();
			if (metadata == null) {
				// What Holdfast has not written is no replica, and nobody has asked us to
				// remove it.
				return kept();
			}
			if (metadata.version().isAfter(event.version())) {
				return new Outcome.Superseded("the store has a version later than the delete", metadata.version());
			}
			try {
				return switch (this.policies.policyOf(event.volume())) {
					case KEEP -> kept();
					case TRASH -> this.store.versioned() ? hide(present.get()) : moveAside(event, present.get());
					case MIRROR -> this.store.versioned() ? hide(present.get()) : erase(present.get());
				};
			}
			catch (StoreException ex) {
				if (ex.kind() != StoreException.Kind.CONFLICT) {
					throw ex;
				}
				conflict = ex;
			}
		}
		throw new StoreException(StoreException.Kind.TRANSIENT, "remove", key,
				"another writer was at the key at each of " + ATTEMPTS + " attempts", "", conflict);
	}

	private static Outcome kept() {
		return new Outcome.Removed(Disposition.KEPT, null);
	}

	private Outcome hide(StoredObject present) throws StoreException, InterruptedException {
		Optional<String> marker = this.store.remove(present);
		return new Outcome.Removed(marker.isPresent() ? Disposition.DELETE_MARKER : Disposition.ABSENT,
				marker.orElse(null));
	}

	private Outcome erase(StoredObject present) throws StoreException, InterruptedException {
		this.store.erase(present);
		return new Outcome.Removed(Disposition.REMOVED, null);
	}

	private Outcome moveAside(MediaDeleted event, StoredObject present) throws StoreException, InterruptedException {
		// Ended in between, there are two objects: the next time makes the same copy
		// again.
		this.store.copyToTrash(present, this.trash.keyOf(present.key(), event.version()),
				new TrashNote(event.version(), this.clock.instant()));
		this.store.erase(present);
		return new Outcome.Removed(Disposition.TRASHED, null);
	}

	/** Whether an earlier attempt was ended after its work and before its record. */
	private boolean isInTrash(MediaDeleted event, String key) throws StoreException, InterruptedException {
		return this.policies.policyOf(event.volume()) == DeletePolicy.TRASH && !this.store.versioned()
				&& this.store.trashed(this.trash.keyOf(key, event.version()))
					.filter((found) -> found.note().deleted().equals(event.version()))
					.isPresent();
	}

}
