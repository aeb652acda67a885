package dev.holdfast.it.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Path;

import dev.holdfast.model.Digest;
import dev.holdfast.model.Version;
import tools.jackson.databind.JsonNode;

/**
 * app-service's API, as any client sees it. Files are named {@code volume/path}.
 */
public final class Api {

	private final URI base;

	private final String token;

	/**
	 * The API at an address.
	 * @param base without a path
	 */
	public Api(URI base, String token) {
		this.base = base;
		this.token = token;
	}

	/**
	 * What an upload that was acknowledged promises.
	 *
	 * @param file {@code volume/path}
	 * @param version its version
	 * @param digest the digest of its bytes
	 * @param size their number
	 */
	public record Acknowledged(String file, Version version, Digest digest, long size) {
	}

	/**
	 * Uploads a file and insists that it is acknowledged with the digest of these bytes.
	 */
	public Acknowledged upload(String file, byte[] content) {
		try {
			Answer answer = put(file, content);
			if (answer.status() != 200 && answer.status() != 201) {
				throw new AssertionError("Upload of " + file + " was answered " + answer);
			}
			return acknowledged(file, answer, Digest.of(content));
		}
		catch (IOException ex) {
			throw new UncheckedIOException("Upload of " + file + " was not answered", ex);
		}
	}

	/**
	 * Uploads a file from disk and insists that it is acknowledged.
	 */
	public Acknowledged upload(String file, Path content, Digest digest) {
		try {
			Answer answer = Http.send(request(media(file)).PUT(HttpRequest.BodyPublishers.ofFile(content)));
			if (answer.status() != 200 && answer.status() != 201) {
				throw new AssertionError("Upload of " + file + " was answered " + answer);
			}
			return acknowledged(file, answer, digest);
		}
		catch (IOException ex) {
			throw new UncheckedIOException("Upload of " + file + " was not answered", ex);
		}
	}

	/**
	 * The promise in the answer to an upload.
	 * @throws AssertionError where the digest is not that of what was sent
	 */
	public static Acknowledged acknowledged(String file, Answer answer, Digest sent) {
		JsonNode body = answer.json();
		if (!body.path("digest").asString().equals(sent.toString())) {
			throw new AssertionError("Upload of " + file + " with " + sent + " was answered " + answer);
		}
		return new Acknowledged(file, Version.parse(body.path("version").asString()), sent, body.path("size").asLong());
	}

	/**
	 * Uploads a file, whatever the answer.
	 */
	public Answer put(String file, byte[] content) throws IOException {
		return Http.send(request(media(file)).PUT(HttpRequest.BodyPublishers.ofByteArray(content)));
	}

	/**
	 * Downloads a file.
	 */
	public Answer get(String file) throws IOException {
		return Http.send(request(media(file)).GET());
	}

	/**
	 * Deletes a file.
	 */
	public Answer delete(String file) throws IOException {
		return Http.send(request(media(file)).DELETE());
	}

	/**
	 * What is known of a file.
	 */
	public JsonNode status(String file) {
		return json("/api/v1/status/" + Http.encode(file));
	}

	/**
	 * The state of a file as the status API words it, or {@code unknown}.
	 */
	public String state(String file) {
		try {
			Answer answer = Http.send(request("/api/v1/status/" + Http.encode(file)).GET());
			return (answer.status() == 200) ? answer.json().path("state").asString() : "unknown";
		}
		catch (IOException ex) {
			throw new UncheckedIOException("No status of " + file, ex);
		}
	}

	/**
	 * What is known of all.
	 */
	public JsonNode status() {
		return json("/api/v1/status");
	}

	/**
	 * A page of the API as JSON.
	 */
	public JsonNode json(String path) {
		try {
			Answer answer = Http.send(request(path).GET());
			if (answer.status() != 200) {
				throw new AssertionError("GET " + path + " was answered " + answer);
			}
			return answer.json();
		}
		catch (IOException ex) {
			throw new UncheckedIOException("GET " + path + " was not answered", ex);
		}
	}

	/**
	 * A request with the token, for whatever the methods above do not do.
	 */
	public HttpRequest.Builder request(String path) {
		return HttpRequest.newBuilder(this.base.resolve(path)).header("Authorization", "Bearer " + this.token);
	}

	/**
	 * Where this API is.
	 */
	public URI base() {
		return this.base;
	}

	/**
	 * The token it takes.
	 */
	public String token() {
		return this.token;
	}

	private static String media(String file) {
		return "/api/v1/media/" + Http.encode(file);
	}

}
