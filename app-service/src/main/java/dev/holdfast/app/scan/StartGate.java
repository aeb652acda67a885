package dev.holdfast.app.scan;

import dev.holdfast.model.VolumeName;

/**
 * Holds the scans of a volume back until everything on it is watched: what a scan that
 * begins after that does not see, the watcher does.
 */
public interface StartGate {

	/** Holds nothing back. */
	StartGate OPEN = new StartGate() {

		@Override
		public boolean isOpen(VolumeName volume) {
			return true;
		}

		@Override
		public void onOpen(Runnable listener) {
			// It is open from the start.
		}

	};

	/**
	 * Whether the volume may be scanned.
	 */
	boolean isOpen(VolumeName volume);

	/**
	 * Registers someone to be told when one more volume may be scanned.
	 */
	void onOpen(Runnable listener);

}
