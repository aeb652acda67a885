package dev.holdfast.app.catalog;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

import dev.holdfast.model.MediaDeleted;
import dev.holdfast.model.MediaId;
import dev.holdfast.model.MediaStored;
import dev.holdfast.model.Version;

/**
 * What is known of every media file, and the outbox of what Kafka has yet to acknowledge.
 */
@SuppressWarnings("DoNotCallSuggester")
public final class Catalog {

	/**
	 * The latest that is known of a file; may be a delete.
	 */
	public Optional<CatalogEntry> find(MediaId id) {
		throw new UnsupportedOperationException(id.toString());
	}

	/**
	 * Records in one durable transaction that the file has these bytes, and that the
	 * event has to be published.
	 * @param event makes the event of the version that was chosen for it, which is later
	 * than every earlier one of this file
	 */
	public MediaStored recordStored(MediaId id, FileStamp stamp, Function<Version, MediaStored> event) {
		throw new UnsupportedOperationException(id.toString());
	}

	/**
	 * Records in one durable transaction that the file was deleted, and that the event
	 * has to be published.
	 */
	public MediaDeleted recordDeleted(MediaId id, Function<Version, MediaDeleted> event) {
		throw new UnsupportedOperationException(id.toString());
	}

	/**
	 * Waits until this version of the file is replicated, dead-lettered or superseded.
	 * @return the state at the end of the wait
	 */
	public ReplicaState awaitSettled(MediaId id, Version version, Duration atMost) throws InterruptedException {
		throw new UnsupportedOperationException(id.toString());
	}

}
