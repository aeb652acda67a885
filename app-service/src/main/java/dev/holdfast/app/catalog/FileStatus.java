package dev.holdfast.app.catalog;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * All that is known of a media file.
 *
 * @param entry its latest event
 * @param state how far the replication of that has come
 * @param inOutbox whether Kafka has yet to acknowledge the event
 * @param held a change of it that was seen and is not recorded, {@code null} where there
 * is none
 * @param replicas what the stores reported, one entry for each store
 */
public record FileStatus(CatalogEntry entry, ReplicaState state, boolean inOutbox, @Nullable HeldFile held,
		List<ReplicaStatus> replicas) {

	/**
	 * Copies the list.
	 */
	public FileStatus {
		replicas = List.copyOf(replicas);
	}

}
