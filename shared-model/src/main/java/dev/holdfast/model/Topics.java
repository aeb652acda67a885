package dev.holdfast.model;

/**
 * The names of Holdfast's topics.
 */
public final class Topics {

	/** The event log: {@link MediaEvent}s, keyed by {@link MediaId#key()}. Compacted. */
	public static final String EVENTS = "media.events";

	/**
	 * The ledger: {@link LedgerRecord}s, keyed by {@link LedgerRecord#key()}. Compacted.
	 */
	public static final String REPLICAS = "media.replicas";

	/** The delayed retry lane of one store: events whose replication still fails. */
	public static final String RETRIES = "media.retries";

	/** Events that no more attempts are made for until a person redrives them. */
	public static final String DEAD_LETTERS = "media.dead-letters";

	private Topics() {
	}

}
