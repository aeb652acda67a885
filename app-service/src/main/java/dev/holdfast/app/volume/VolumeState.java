package dev.holdfast.app.volume;

/**
 * Whether a volume can be used.
 */
public sealed interface VolumeState {

	/** The marker is in place and is the one expected. */
	record Available() implements VolumeState {

	}

	/**
	 * Nothing may be read from or written to the volume, and nothing concluded from what
	 * is on it.
	 *
	 * @param reason why, and what to do about it
	 */
	record NotAvailable(String reason) implements VolumeState {

	}

}
