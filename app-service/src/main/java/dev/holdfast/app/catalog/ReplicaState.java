package dev.holdfast.app.catalog;

/**
 * How far the replication of one version of a media file has come.
 */
public enum ReplicaState {

	/** Not in the store yet. */
	PENDING,

	/** An attempt failed and the next one is due later. */
	RETRYING,

	/** Its bytes are in the store. */
	REPLICATED,

	/** No more attempts will be made until a person redrives it. */
	DEAD_LETTERED,

	/** The file was deleted, and every store has carried that out. */
	REMOVED,

	/** A later version took its place. */
	SUPERSEDED;

	/**
	 * Whether nothing more will happen to this version by itself.
	 */
	public boolean isSettled() {
		return switch (this) {
			case REPLICATED, DEAD_LETTERED, REMOVED, SUPERSEDED -> true;
			case PENDING, RETRYING -> false;
		};
	}

}
