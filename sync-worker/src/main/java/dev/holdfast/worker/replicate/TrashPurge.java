package dev.holdfast.worker.replicate;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

import dev.holdfast.model.ObjectKeys;
import dev.holdfast.worker.store.ObjectPage;
import dev.holdfast.worker.store.ObjectStore;
import dev.holdfast.worker.store.StoreException;
import dev.holdfast.worker.store.Trashed;

/**
 * Deletes what has been in the trash for the grace time: only what bears Holdfast's own
 * note, and only where the key is the one that such an object has. Anything else that
 * lies there stays.
 */
public final class TrashPurge {

	private final ObjectStore store;

	private final TrashKeys trash;

	private final Duration grace;

	private final Clock clock;

	/**
	 * A purge of a store's trash.
	 * @param grace how long what was moved there stays
	 */
	public TrashPurge(ObjectStore store, ObjectKeys keys, Duration grace, Clock clock) {
		this.store = store;
		this.trash = new TrashKeys(keys);
		this.grace = grace;
		this.clock = clock;
	}

	/**
	 * Purges once.
	 * @return how many objects were deleted
	 */
	public int run() throws StoreException, InterruptedException {
		if (this.store.versioned()) {
			return 0;
		}
		Instant until = this.clock.instant().minus(this.grace);
		int purged = 0;
		String after = null;
		while (true) {
			ObjectPage page = this.store.list(this.trash.prefix(), after);
			for (ObjectPage.Entry entry : page.objects()) {
				Optional<Instant> deleted = this.trash.momentOf(entry.key());
				if (deleted.isPresent() && deleted.get().isAfter(until)) {
					// In the order of time: what follows is younger still.
					return purged;
				}
				if (deleted.isPresent() && purge(entry.key(), until)) {
					purged++;
				}
			}
			if (page.last() || page.objects().isEmpty()) {
				return purged;
			}
			after = page.objects().getLast().key();
		}
	}

	private boolean purge(String key, Instant until) throws StoreException, InterruptedException {
		Optional<Trashed> found = this.store.trashed(key);
		// A delete may have been carried out long after its time: the grace begins then.
		if (found.isEmpty() || found.get().note().at().isAfter(until)
				|| !this.trash.momentOf(key).equals(Optional.of(found.get().note().deleted().moment()))) {
			return false;
		}
		try {
			this.store.erase(found.get().object());
			return true;
		}
		catch (StoreException ex) {
			if (ex.kind() == StoreException.Kind.CONFLICT) {
				// Moved there again in this moment: its time begins anew.
				return false;
			}
			throw ex;
		}
	}

}
