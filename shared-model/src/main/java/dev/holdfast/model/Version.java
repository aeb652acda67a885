package dev.holdfast.model;

import java.time.Instant;
import java.util.HexFormat;

/**
 * A hybrid logical timestamp that orders the events of one media file: milliseconds since
 * the epoch in the upper 48 bits, a counter in the lower 16. Close to wall time, so that
 * "as it was at noon" has a meaning, and strictly increasing, so that two events within a
 * millisecond or after a clock was set back are still in order (Kulkarni et al., "Logical
 * Physical Clocks", 2014).
 * <p>
 * As text it is 16 lower-case hexadecimal digits: sortable as text, exact in languages
 * whose numbers are doubles, and fit for object metadata.
 *
 * @param value the 64 bits; never negative
 */
public record Version(long value) implements Comparable<Version> {

	/** Before every other version. */
	public static final Version NONE = new Version(0);

	static final int COUNTER_BITS = 16;

	private static final int DIGITS = 16;

	/**
	 * Checks the value.
	 * @throws IllegalArgumentException where it is negative
	 */
	public Version {
		if (value < 0) {
			throw new IllegalArgumentException("Version " + value + " is negative");
		}
	}

	/**
	 * The first version of a moment.
	 * @throws IllegalArgumentException where the moment is before 1970 or after the year
	 * 6429
	 */
	public static Version at(Instant moment) {
		long millis = moment.toEpochMilli();
		if (millis < 0 || millis >= 1L << (Long.SIZE - 1 - COUNTER_BITS)) {
			throw new IllegalArgumentException("No version for " + moment + ": it lies before 1970 or after 6429");
		}
		return new Version(millis << COUNTER_BITS);
	}

	/**
	 * Reads the 16 hexadecimal digits that {@link #toString()} writes.
	 * @throws IllegalArgumentException where the text is anything else
	 */
	public static Version parse(String text) {
		if (text.length() != DIGITS || !text.chars().allMatch((c) -> HexFormat.isHexDigit(c) && !isUpper(c))) {
			throw new IllegalArgumentException(
					"'" + Printable.of(text) + "' is not a version: 16 lower-case hexadecimal digits are expected");
		}
		return new Version(HexFormat.fromHexDigitsToLong(text));
	}

	/**
	 * The wall-clock part, in milliseconds' precision.
	 */
	public Instant moment() {
		return Instant.ofEpochMilli(this.value >>> COUNTER_BITS);
	}

	/**
	 * The next version in order. After 65,536 of them within one millisecond it runs into
	 * the next millisecond, which keeps the order.
	 */
	public Version next() {
		return new Version(this.value + 1);
	}

	/**
	 * Whether this version is later than the other.
	 */
	public boolean isAfter(Version other) {
		return this.value > other.value;
	}

	@Override
	public int compareTo(Version other) {
		return Long.compare(this.value, other.value);
	}

	@Override
	public String toString() {
		return HexFormat.of().toHexDigits(this.value);
	}

	private static boolean isUpper(int c) {
		return c >= 'A' && c <= 'F';
	}

}
