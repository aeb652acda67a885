package dev.holdfast.app.volume;

import java.io.IOException;

/**
 * Something was to be written to a volume that is never written to. The message says what
 * to do about it.
 */
public final class VolumeReadOnlyException extends IOException {

	VolumeReadOnlyException(String message) {
		super(message);
	}

}
