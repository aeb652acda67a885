package dev.holdfast.model;

import java.util.regex.Pattern;

/**
 * The name of a volume: 1 to 63 lower-case letters, digits and hyphens, starting and
 * ending with a letter or digit. Narrow on purpose: it is part of URLs, record keys,
 * object keys and command lines, and must need quoting in none of them.
 *
 * @param value the name
 */
public record VolumeName(String value) implements Comparable<VolumeName> {

	private static final Pattern ALLOWED = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

	/**
	 * Checks the name.
	 * @throws InvalidMediaPathException where the name breaks the rule above
	 */
	public VolumeName {
		if (!ALLOWED.matcher(value).matches()) {
			throw new InvalidMediaPathException("Volume name '" + Printable.of(value)
					+ "' is not allowed: use 1 to 63 lower-case letters, digits and hyphens, with a letter or digit at both ends");
		}
	}

	@Override
	public int compareTo(VolumeName other) {
		return this.value.compareTo(other.value);
	}

	@Override
	public String toString() {
		return this.value;
	}

}
