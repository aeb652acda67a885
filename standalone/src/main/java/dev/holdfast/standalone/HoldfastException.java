package dev.holdfast.standalone;

import org.jspecify.annotations.Nullable;

/**
 * Ends a command. The message is the one line that the person gets: what was tried, on
 * what, and what to do.
 */
final class HoldfastException extends RuntimeException {

	private final int exitCode;

	HoldfastException(int exitCode, String message) {
		this(exitCode, message, null);
	}

	HoldfastException(int exitCode, String message, @Nullable Throwable cause) {
		super(message, cause);
		this.exitCode = exitCode;
	}

	int exitCode() {
		return this.exitCode;
	}

}
