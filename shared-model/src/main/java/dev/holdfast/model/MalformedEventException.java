package dev.holdfast.model;

/**
 * A record that is no event of ours. The message says which part is wrong and what was
 * expected there, for the person who writes the publisher.
 */
public final class MalformedEventException extends Exception {

	public MalformedEventException(String message) {
		super(message);
	}

	public MalformedEventException(String message, Throwable cause) {
		super(message, cause);
	}

}
