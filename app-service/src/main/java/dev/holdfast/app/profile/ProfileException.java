package dev.holdfast.app.profile;

import org.jspecify.annotations.Nullable;

/**
 * A profile that cannot be used. The message names the file and the line, says what is
 * wrong, and what to write instead.
 */
public final class ProfileException extends RuntimeException {

	ProfileException(String message) {
		this(message, null);
	}

	ProfileException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

	static ProfileException at(String file, int line, String problem) {
		return new ProfileException(file + ":" + line + ": " + problem);
	}

}
