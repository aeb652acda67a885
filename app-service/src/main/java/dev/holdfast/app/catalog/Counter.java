package dev.holdfast.app.catalog;

import java.util.Locale;

/**
 * The totals that the catalog keeps: of each volume, but for the outbox and what is
 * malformed, which are of none.
 */
enum Counter {

	PENDING, RETRYING, REPLICATED, DEAD_LETTERED, DELETED, OUTBOX, MALFORMED, MISSING, DAMAGED;

	private final String column = name().toLowerCase(Locale.ROOT).replace('_', '-');

	/**
	 * Its name in the table.
	 */
	String column() {
		return this.column;
	}

	/**
	 * The one of this name in the table.
	 */
	static Counter ofColumn(String column) {
		return valueOf(column.toUpperCase(Locale.ROOT).replace('-', '_'));
	}

	/**
	 * The total that a stored file of this state counts into.
	 */
	static Counter of(ReplicaState state) {
		return switch (state) {
			case PENDING -> PENDING;
			case RETRYING -> RETRYING;
			case REPLICATED -> REPLICATED;
			case DEAD_LETTERED -> DEAD_LETTERED;
			case REMOVED, SUPERSEDED -> throw new IllegalArgumentException("A stored file is never " + state);
		};
	}

}
