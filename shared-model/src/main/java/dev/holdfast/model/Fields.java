package dev.holdfast.model;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

/**
 * Reads the fields of a JSON object, naming the one at fault by its path where it is not
 * what it should be.
 */
final class Fields {

	private static final String DIGEST_PREFIX = "sha256:";

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
		if (!value.isIntegralNumber() || !value.canConvertToLong()) {
			throw wrong(field, "a whole number of at most 64 bits is expected");
		}
		return value.longValue();
	}

	int smallNumber(String field) throws MalformedEventException {
		long value = number(field);
		if (value != (int) value) {
			throw wrong(field, "a whole number of at most 32 bits is expected");
		}
		return (int) value;
	}

	Instant instant(String field) throws MalformedEventException {
		try {
			return OffsetDateTime.parse(text(field)).toInstant();
		}
		catch (DateTimeException ex) {
			throw wrong(field, "a time as in RFC 3339 is expected, for example \"2026-11-22T10:15:30Z\"");
		}
	}

	Version version(String field) throws MalformedEventException {
		try {
			return Version.parse(text(field));
		}
		catch (IllegalArgumentException ex) {
			throw new MalformedEventException(pathOf(field) + ": " + ex.getMessage(), ex);
		}
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
			if (CloudEventCodec.name(constant).equals(text)) {
				return constant;
			}
		}
		throw wrong(field, "one of " + Arrays.stream(type.getEnumConstants()).map(CloudEventCodec::name).toList()
				+ " is expected, not '" + Printable.of(text) + "'");
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
