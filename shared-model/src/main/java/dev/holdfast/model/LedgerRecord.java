package dev.holdfast.model;

import java.nio.charset.StandardCharsets;
import java.time.Instant;

/**
 * What became of the replication of one version of a media file to one store, on the
 * topic {@link Topics#REPLICAS}.
 */
public sealed interface LedgerRecord permits Replicated, ReplicationFailed, ReplicaRemoved {

	/**
	 * The media file.
	 */
	MediaId id();

	/**
	 * The version of the file that this is about.
	 */
	Version version();

	/**
	 * The store.
	 */
	StoreName store();

	/**
	 * When it happened, in milliseconds' precision.
	 */
	Instant at();

	/**
	 * The record key, {@code store/volume/path}. The store is part of it because the
	 * topic is compacted: with the media file alone, what one store reports would erase
	 * what another had.
	 */
	default byte[] key() {
		return (store() + "/" + id()).getBytes(StandardCharsets.UTF_8);
	}

}
