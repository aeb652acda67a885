package dev.holdfast.worker.replay;

import java.util.Map;

import dev.holdfast.model.ObjectKeys;
import dev.holdfast.worker.ledger.LedgerEntries;
import dev.holdfast.worker.replicate.Replicator;
import dev.holdfast.worker.source.MediaSource;
import dev.holdfast.worker.store.ObjectStore;

/**
 * What a replay works with.
 *
 * @param kafka how brokers are reached, in Kafka's names
 * @param store the store that is brought up to date
 * @param source where files are read
 * @param replicator carries out single events
 * @param keys which key each file has
 * @param entries words outcomes for the ledger
 * @param ledger where those are written
 */
public record ReplayParts(Map<String, Object> kafka, ObjectStore store, MediaSource source, Replicator replicator,
		ObjectKeys keys, LedgerEntries entries, Ledger ledger) {

	public ReplayParts {
		kafka = Map.copyOf(kafka);
	}

}
