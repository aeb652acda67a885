package dev.holdfast.it.harness;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a server answered.
 */
public final class Answer {

	private static final JsonMapper JSON = JsonMapper.shared();

	private final int status;

	private final Map<String, List<String>> headers;

	private final byte[] body;

	Answer(int status, Map<String, List<String>> headers, byte[] body) {
		this.status = status;
		this.headers = headers;
		this.body = body;
	}

	/**
	 * The HTTP status.
	 */
	public int status() {
		return this.status;
	}

	/**
	 * All header fields.
	 */
	public Map<String, List<String>> headers() {
		return this.headers;
	}

	/**
	 * The whole body.
	 */
	public byte[] body() {
		return this.body;
	}

	/**
	 * The body as UTF-8.
	 */
	public String text() {
		return new String(this.body, StandardCharsets.UTF_8);
	}

	/**
	 * The body as JSON.
	 */
	public JsonNode json() {
		return JSON.readTree(this.body);
	}

	/**
	 * The first field of that name.
	 * @param lowerCase the name in lower case
	 */
	public Optional<String> header(String lowerCase) {
		return this.headers.getOrDefault(lowerCase, List.of()).stream().findFirst();
	}

	@Override
	public String toString() {
		return this.status + " " + text().substring(0, Math.min(text().length(), 2000));
	}

}
