package dev.holdfast.app.catalog;

import dev.holdfast.model.Version;

/**
 * What the catalog's bookkeeping needs of a file's row.
 *
 * @param key the row's id
 * @param kind what its latest event says
 * @param version the version of its latest event
 * @param state how far the replication of that version has come
 * @param seen whether the latest event has come back from the log
 * @param size length in bytes of the stored file
 * @param missing whether a scan has found it absent
 * @param damaged whether a scan has found other bytes in it
 */
record FileRow(long key, Kind kind, Version version, ReplicaState state, boolean seen, long size, boolean missing,
		boolean damaged) {

	/** What the latest event says. */
	enum Kind {

		/** Nothing: only the ledger has mentioned the file. */
		HEARD,

		/** It has these bytes. */
		STORED,

		/** It was deleted. */
		DELETED

	}

}
