package dev.holdfast.app.catalog;

/**
 * The catalog could not do what it was asked to. Nothing of it was recorded.
 */
public class CatalogException extends RuntimeException {

	/**
	 * An exception with what to do about it in its message.
	 */
	public CatalogException(String message) {
		super(message);
	}

	/**
	 * An exception with what to do about it in its message, and its cause.
	 */
	public CatalogException(String message, Throwable cause) {
		super(message, cause);
	}

}
