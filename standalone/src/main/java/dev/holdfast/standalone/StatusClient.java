package dev.holdfast.standalone;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Asks a running instance for its status.
 */
final class StatusClient {

	private static final Duration TIMEOUT = Duration.ofSeconds(30);

	private static final Duration STORE_PATIENCE = Duration.ofSeconds(15);

	private static final Duration PAUSE = Duration.ofMillis(200);

	private static final JsonMapper JSON = new JsonMapper();

	private final String url;

	private final String token;

	StatusClient(String url, String token) {
		this.url = url;
		this.token = token;
	}

	/**
	 * An answer of the API.
	 *
	 * @param code the HTTP status
	 * @param json the body, as it came
	 */
	record Answer(int code, String json) {

		JsonNode tree() {
			try {
				return JSON.readTree(this.json);
			}
			catch (JacksonException ex) {
				throw new HoldfastException(ExitCode.FAILED,
						"The answer is no JSON: does something else than Holdfast listen there?", ex);
			}
		}

	}

	/**
	 * The status of everything.
	 */
	Answer status() {
		return get("/api/v1/status");
	}

	/**
	 * The status of one media file.
	 */
	Answer status(String volume, String path) {
		String encoded = Stream.concat(Stream.of(volume), Stream.of(path.split("/", -1)))
			.map(StatusClient::encode)
			.collect(Collectors.joining("/"));
		return get("/api/v1/status/" + encoded);
	}

	private static String encode(String segment) {
		StringBuilder encoded = new StringBuilder();
		for (byte b : segment.getBytes(StandardCharsets.UTF_8)) {
			char c = (char) (b & 0xff);
			if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || "-._~".indexOf(c) >= 0) {
				encoded.append(c);
			}
			else {
				encoded.append("%%%02X".formatted((int) c));
			}
		}
		return encoded.toString();
	}

	private Answer get(String path) {
		HttpRequest request = HttpRequest.newBuilder(URI.create(this.url + path))
			.header("Authorization", "Bearer " + this.token)
			.timeout(TIMEOUT)
			.build();
		try (HttpClient client = HttpClient.newBuilder().connectTimeout(TIMEOUT).build()) {
			HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
			return new Answer(response.statusCode(), response.body());
		}
		catch (ConnectException ex) {
			throw new HoldfastException(ExitCode.NOT_RUNNING,
					"Holdfast does not answer at %s: start it with ./holdfast up".formatted(this.url), ex);
		}
		catch (IOException ex) {
			throw new HoldfastException(ExitCode.FAILED,
					"Asking %s for its status failed (%s): try again".formatted(this.url, ex), ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new HoldfastException(ExitCode.FAILED, "Interrupted", ex);
		}
	}

	/**
	 * Waits a little for the store, which is not needed for uploads.
	 * @return nothing where the store is up, else a remark for the banner
	 */
	String awaitStore() throws InterruptedException {
		long until = System.nanoTime() + STORE_PATIENCE.toNanos();
		while (true) {
			Answer answer = status();
			JsonNode store = answer.tree().path("stores").path(0);
			if (store.path("state").asString("").equals("up")) {
				return "";
			}
			if (System.nanoTime() > until) {
				return " (not in reach yet, uploads wait: " + store.path("reason").asString("no answer") + ")";
			}
			Thread.sleep(PAUSE);
		}
	}

}
