package dev.holdfast.app.catalog;

/**
 * There is no room left for the catalog. Nothing was recorded, and what was recorded
 * before is unharmed.
 */
public final class CatalogFullException extends CatalogException {

	/**
	 * An exception with its cause.
	 */
	public CatalogFullException(String message, Throwable cause) {
		super(message, cause);
	}

}
