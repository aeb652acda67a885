package dev.holdfast.broker;

import org.jspecify.annotations.Nullable;

/**
 * The broker did not start. The message says what was tried, on what, and what to do.
 */
public final class BrokerStartException extends RuntimeException {

	private final Reason reason;

	BrokerStartException(Reason reason, String message, @Nullable Throwable cause) {
		super(message, cause);
		this.reason = reason;
	}

	/**
	 * What kept the broker from starting.
	 */
	public Reason reason() {
		return this.reason;
	}

	/**
	 * What can keep a broker from starting.
	 */
	public enum Reason {

		/** Somebody else listens on the port. */
		PORT_IN_USE,

		/** Another broker uses the data directory. */
		DIRECTORY_IN_USE,

		/** The data directory cannot be created or written to. */
		DIRECTORY_NOT_WRITABLE,

		/** Anything else: the cause tells. */
		FAILED

	}

}
