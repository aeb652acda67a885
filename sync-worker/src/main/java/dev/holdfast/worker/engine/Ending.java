package dev.holdfast.worker.engine;

import dev.holdfast.worker.replicate.Outcome;

/**
 * How a record that was received ended. Each ends once, so that at any moment
 * {@code received = sum of all endings + in flight}.
 */
enum Ending {

	/** The store accepted the bytes. */
	REPLICATED,

	/** The store had the version already. */
	ALREADY_THERE,

	/** A later event covers it. */
	SUPERSEDED,

	/** A delete was carried out. */
	REMOVED,

	/** It waits in the retry lane, as another record. */
	RETRY_LANE,

	/** It is a dead letter. */
	DEAD_LETTER,

	/** It asked for nothing: a gap, a tombstone, or another store's retry. */
	NOTHING_TO_DO,

	/** Its partition was lost or the worker stopped: it will be received again. */
	ABANDONED;

	static Ending of(Outcome outcome) {
		return switch (outcome) {
			case Outcome.Replicated _ -> REPLICATED;
			case Outcome.AlreadyThere _ -> ALREADY_THERE;
			case Outcome.Superseded _ -> SUPERSEDED;
			case Outcome.Removed _ -> REMOVED;
			case Outcome.NothingToDo _ -> NOTHING_TO_DO;
		};
	}

}
