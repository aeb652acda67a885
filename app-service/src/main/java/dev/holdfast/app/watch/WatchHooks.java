package dev.holdfast.app.watch;

/**
 * What happens around the watching of a volume.
 */
interface WatchHooks {

	/**
	 * Waits until the catalog knows what the topics say.
	 */
	void awaitReady() throws InterruptedException;

	/**
	 * Is called before each read of events.
	 */
	default void beforeRead() {
	}

	/**
	 * Lets scans of the volume begin. Called again and again.
	 */
	default void letScansBegin() {
	}

	/**
	 * What is between the watcher and the kernel's watches.
	 */
	default Watches watches(Watches kernel) {
		return kernel;
	}

	/**
	 * Whether a start is a gap that has to be closed by a scan.
	 */
	default boolean scansAtStart() {
		return true;
	}

}
