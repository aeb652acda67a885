package dev.holdfast.worker.replay;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads of a record only what a survey compares, in one pass and without building a tree:
 * a survey reads every record there is, and needs all of an event only where the event is
 * to be carried out. What is not plain is left to the codec, which has the last word.
 * <p>
 * For one thread; each reading replaces the one before.
 */
final class Skim {

	private final JsonFactory factory = new JsonFactory();

	private String type = "";

	private @Nullable String volume;

	private @Nullable String path;

	private @Nullable String version;

	private @Nullable String digest;

	private @Nullable String etag;

	private long size;

	/**
	 * Reads a record.
	 * @return whether it has a type, a file and a version
	 */
	boolean read(byte[] value) {
		this.type = "";
		this.volume = null;
		this.path = null;
		this.version = null;
		this.digest = null;
		this.etag = null;
		this.size = -1;
		try (JsonParser parser = this.factory.createParser(ObjectReadContext.empty(), value)) {
			if (parser.nextToken() != JsonToken.START_OBJECT) {
				return false;
			}
			while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
				String name = parser.currentName();
				JsonToken token = parser.nextToken();
				if (name.equals("type") && token == JsonToken.VALUE_STRING) {
					this.type = parser.getString();
				}
				else if (name.equals("data") && token == JsonToken.START_OBJECT) {
					readData(parser);
				}
				else {
					parser.skipChildren();
				}
			}
			return this.volume != null && this.path != null && this.version != null;
		}
		catch (JacksonException ex) {
			return false;
		}
	}

	private void readData(JsonParser parser) {
		while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
			String name = parser.currentName();
			JsonToken token = parser.nextToken();
			switch (token) {
				case VALUE_STRING -> text(name, parser);
				case VALUE_NUMBER_INT -> {
					if (name.equals("size")) {
						this.size = parser.getLongValue();
					}
				}
				default -> parser.skipChildren();
			}
		}
	}

	private void text(String name, JsonParser parser) {
		switch (name) {
			case "volume" -> this.volume = parser.getString();
			case "path" -> this.path = parser.getString();
			case "version" -> this.version = parser.getString();
			case "digest" -> this.digest = parser.getString();
			case "etag" -> this.etag = parser.getString();
			default -> {
				// Nothing that is compared.
			}
		}
	}

	String type() {
		return this.type;
	}

	String volume() {
		return required(this.volume);
	}

	String path() {
		return required(this.path);
	}

	String version() {
		return required(this.version);
	}

	@Nullable String digest() {
		return this.digest;
	}

	@Nullable String etag() {
		return this.etag;
	}

	/** Negative where there is none. */
	long size() {
		return this.size;
	}

	private static String required(@Nullable String value) {
		if (value == null) {
			throw new IllegalStateException("Nothing was read");
		}
		return value;
	}

}
