package dev.holdfast.model;

import java.util.regex.Pattern;

/**
 * The name an operator gives a store: 1 to 63 lower-case letters, digits and hyphens. A
 * name and not the bucket's, so that a bucket can move without its history being lost.
 *
 * @param value the name
 */
public record StoreName(String value) {

	// Before the constants that it checks: they are made in the order in which they
	// stand.
	private static final Pattern ALLOWED = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

	/** The store of an installation that has only one. */
	public static final StoreName PRIMARY = new StoreName("primary");

	/**
	 * Checks the name.
	 * @throws IllegalArgumentException where it breaks the rule above
	 */
	public StoreName {
		if (!ALLOWED.matcher(value).matches()) {
			throw new IllegalArgumentException("Store name '" + Printable.of(value)
					+ "' is not allowed: use 1 to 63 lower-case letters, digits and hyphens");
		}
	}

	@Override
	public String toString() {
		return this.value;
	}

}
