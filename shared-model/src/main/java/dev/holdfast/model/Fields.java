package dev.holdfast.model;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

/**
 * Reads the fields of a JSON object, naming the one at fault by its path where it is not
 * what it should be.
 */
final class Fields {

	private static final String DIGEST_PREFIX = "sha256:";

	private static final String NO_TIME = "a time as in RFC 3339 is expected, for example \"2026-11-22T10:15:30Z\"";

	/**
	 * Versions from here on, in the year 3084, are mistakes: the first digit is 0 or 1.
	 */
	private static final Instant LATEST_VERSION = Instant.ofEpochMilli(1L << 45);

	private final String path;

	private final JsonNode node;

	Fields(String path, JsonNode node) throws MalformedEventException {
		this.path = path;
		this.node = node;
		if (!node.isObject()) {
			throw new MalformedEventException((path.isEmpty() ? "the event" : path) + ": an object is expected");
		}
	}

	boolean has(String field) {
		return this.node.hasNonNull(field);
	}

	Fields object(String field) throws MalformedEventException {
		return new Fields(pathOf(field), required(field));
	}

	String text(String field) throws MalformedEventException {
		JsonNode value = required(field);
		if (!value.isString()) {
			throw wrong(field, "a string is expected");
		}
		return value.stringValue();
	}

	@Nullable String optionalText(String field) throws MalformedEventException {
		return has(field) ? text(field) : null;
	}

	long number(String field) throws MalformedEventException {
		JsonNode value = required(field);
		// 20480.0 is a whole number too, to JSON Schema and to languages that know only
		// doubles.
		if (!value.isNumber() || !value.canConvertToExactIntegral() || !value.canConvertToLong()) {
			throw wrong(field, "a whole number of at most 64 bits is expected");
		}
		return value.asLong();
	}

	int smallNumber(String field) throws MalformedEventException {
		long value = number(field);
		if (value != (int) value) {
			throw wrong(field, "a whole number of at most 32 bits is expected");
		}
		return (int) value;
	}

	Instant instant(String field) throws MalformedEventException {
		String text = text(field);
		try {
			Instant moment = OffsetDateTime.parse(text).toInstant();
			if (WireTime.fits(moment)) {
				return moment;
			}
		}
		catch (DateTimeException ex) {
			throw new MalformedEventException(pathOf(field) + ": " + NO_TIME + ", not '" + Printable.of(text) + "'",
					ex);
		}
		throw wrong(field, NO_TIME + ", not '" + Printable.of(text) + "'");
	}

	Version version(String field) throws MalformedEventException {
		Version version;
		try {
			version = Version.parse(text(field));
		}
		catch (IllegalArgumentException ex) {
			throw new MalformedEventException(pathOf(field) + ": " + ex.getMessage(), ex);
		}
		checkPlausible(field, version.moment());
		return version;
	}

	/** The first version of the moment that a field names. */
	Version versionAt(String field) throws MalformedEventException {
		Instant moment = instant(field);
		checkPlausible(field, moment);
		return Version.at(moment);
	}

	/**
	 * Every clock that sees a version hands out later ones from then on. A slip like
	 * microseconds for milliseconds must not leave it without room to count on.
	 */
	private void checkPlausible(String field, Instant moment) throws MalformedEventException {
		if (moment.isBefore(Instant.EPOCH)) {
			throw wrong(field, "a time after 1970 is expected, not " + moment);
		}
		if (!moment.isBefore(LATEST_VERSION)) {
			throw wrong(field, "its time, " + moment + ", is far in the future: write milliseconds since 1970 into the"
					+ " upper 12 digits of a version");
		}
	}

	MediaId mediaId() throws MalformedEventException {
		VolumeName volume = volume("volume");
		String path = text("path");
		try {
			return new MediaId(volume, path);
		}
		catch (InvalidMediaPathException ex) {
			throw new MalformedEventException(pathOf("path") + ": " + ex.getMessage(), ex);
		}
	}

	VolumeName volume(String field) throws MalformedEventException {
		String text = text(field);
		try {
			return new VolumeName(text);
		}
		catch (InvalidMediaPathException ex) {
			throw new MalformedEventException(pathOf(field) + ": " + ex.getMessage(), ex);
		}
	}

	StoreName store(String field) throws MalformedEventException {
		String text = text(field);
		try {
			return new StoreName(text);
		}
		catch (IllegalArgumentException ex) {
			throw new MalformedEventException(pathOf(field) + ": " + ex.getMessage(), ex);
		}
	}

	@Nullable Integer optionalMode(String field) throws MalformedEventException {
		String octal = optionalText(field);
		if (octal == null) {
			return null;
		}
		if (!octal.matches("0?[0-7]{1,4}")) {
			throw wrong(field, "permission bits in octal are expected, for example \"0644\"");
		}
		return Integer.valueOf(octal, 8);
	}

	Digest digest(String field) throws MalformedEventException {
		String text = text(field);
		if (!text.startsWith(DIGEST_PREFIX)) {
			throw wrong(field, "\"" + DIGEST_PREFIX + "\" and 64 lower-case hexadecimal digits are expected");
		}
		try {
			return new Digest(text.substring(DIGEST_PREFIX.length()));
		}
		catch (IllegalArgumentException ex) {
			throw new MalformedEventException(pathOf(field) + ": " + ex.getMessage(), ex);
		}
	}

	<E extends Enum<E>> E constant(String field, Class<E> type) throws MalformedEventException {
		String text = text(field);
		for (E constant : type.getEnumConstants()) {
			if (name(constant).equals(text)) {
				return constant;
			}
		}
		throw wrong(field, "one of " + Arrays.stream(type.getEnumConstants()).map(Fields::name).toList()
				+ " is expected, not '" + Printable.of(text) + "'");
	}

	/** How a constant is written: lower-case words with hyphens. */
	static String name(Enum<?> constant) {
		return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

	private JsonNode required(String field) throws MalformedEventException {
		JsonNode value = this.node.get(field);
		if (value == null || value.isNull()) {
			throw wrong(field, "missing");
		}
		return value;
	}

	private MalformedEventException wrong(String field, String expected) {
		return new MalformedEventException(pathOf(field) + ": " + expected);
	}

	private String pathOf(String field) {
		return this.path.isEmpty() ? field : this.path + "." + field;
	}

}
