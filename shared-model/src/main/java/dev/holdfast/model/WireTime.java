package dev.holdfast.model;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * The times that the wire format can carry: milliseconds of the years 1 to 9999, which is
 * what RFC 3339 can write.
 */
final class WireTime {

	private static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");

	private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999Z");

	private WireTime() {
	}

	static boolean fits(Instant moment) {
		return !moment.isBefore(FIRST) && moment.isBefore(LAST.plusMillis(1));
	}

	/**
	 * Brings a time to the range and precision of the wire. File systems hold times
	 * beyond it: a file with one must not be refused for that.
	 */
	static Instant of(Instant moment) {
		if (moment.isBefore(FIRST)) {
			return FIRST;
		}
		return moment.isAfter(LAST) ? LAST : moment.truncatedTo(ChronoUnit.MILLIS);
	}

}
