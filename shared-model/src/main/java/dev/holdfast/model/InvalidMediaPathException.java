package dev.holdfast.model;

/**
 * A volume name or path that cannot name a media file. The message says which rule it
 * breaks, in words fit for the person who chose the name.
 */
public final class InvalidMediaPathException extends IllegalArgumentException {

	public InvalidMediaPathException(String message) {
		super(message);
	}

}
