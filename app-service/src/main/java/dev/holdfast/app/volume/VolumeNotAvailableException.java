package dev.holdfast.app.volume;

import java.io.IOException;

/**
 * The volume cannot be used now. The message says why and what to do about it.
 */
public final class VolumeNotAvailableException extends IOException {

	VolumeNotAvailableException(String message) {
		super(message);
	}

}
