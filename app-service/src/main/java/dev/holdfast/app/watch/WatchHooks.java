package dev.holdfast.app.watch;

import java.util.Optional;

import dev.holdfast.app.volume.Volume;

/**
 * What happens around the watching of a volume.
 */
interface WatchHooks {

	/**
	 * Waits until the catalog knows what the topics say.
	 */
	void awaitReady() throws InterruptedException;

	/**
	 * Why inotify is of no use on the volume, found out by trying; empty where it works.
	 */
	default Optional<String> trouble(Volume volume) {
		return Delivery.trouble(volume.root(), volume.isReadOnly());
	}

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
