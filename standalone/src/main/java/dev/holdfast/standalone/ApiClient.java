package dev.holdfast.standalone;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Speaks to the API of a running instance. What does not succeed becomes the one line
 * that the person gets.
 */
final class ApiClient {

	private static final Duration TIMEOUT = Duration.ofSeconds(30);

	private static final Duration STORE_PATIENCE = Duration.ofSeconds(15);

	private static final Duration PAUSE = Duration.ofMillis(200);

	private static final JsonMapper JSON = new JsonMapper();

	private final String url;

	private final String token;

	ApiClient(String url, String token) {
		this.url = url;
		this.token = token;
	}

	/**
	 * Speaks to the instance that a command means: the one that {@code HOLDFAST_URL} and
	 * {@code HOLDFAST_API_TOKEN} name, or else the one of the data directory.
	 * @param data the data directory that was given, {@code null} for the default
	 */
	static ApiClient of(@Nullable Path data, Environment environment) {
		if (environment.get("HOLDFAST_URL").isPresent()) {
			String token = environment.get("HOLDFAST_API_TOKEN")
				.orElseThrow(() -> new HoldfastException(ExitCode.SETTINGS,
						"HOLDFAST_URL is set, but no HOLDFAST_API_TOKEN: set it to the token of that instance"));
			return new ApiClient(environment.get("HOLDFAST_URL").orElseThrow().replaceAll("/+$", ""), token);
		}
		Path directory = environment.dataDirectory(data);
		Connection connection = Connection.read(DataDirectory.connectionFile(directory))
			.orElseThrow(() -> new HoldfastException(ExitCode.NOT_RUNNING,
					"No instance runs with data directory %s: start it with ./holdfast up, or name another with --data"
						.formatted(directory)));
		return new ApiClient(connection.url(), connection.token());
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

		boolean succeeded() {
			return this.code >= 200 && this.code < 300;
		}

		/**
		 * This answer where it is a success.
		 * @throws HoldfastException with what the problem details say, where it is not
		 */
		Answer orFail() {
			if (succeeded()) {
				return this;
			}
			if (this.code == 401) {
				throw new HoldfastException(ExitCode.FAILED,
						"The token is not the instance's: use the data directory it was started with (--data)");
			}
			throw new HoldfastException(ExitCode.FAILED,
					"Status %d: %s".formatted(this.code, tree().path("detail").asString("no details")));
		}

	}

	/**
	 * Asks for what is at a path.
	 * @param path with its query, encoded; see {@link #path}
	 */
	Answer get(String path) {
		return send(request(path).GET());
	}

	/**
	 * Sends JSON.
	 * @param body anything that Jackson writes, {@code null} for no body
	 */
	Answer post(String path, @Nullable Object body) {
		HttpRequest.Builder request = request(path);
		if (body == null) {
			return send(request.POST(BodyPublishers.noBody()));
		}
		return send(request.header("Content-Type", "application/json")
			.POST(BodyPublishers.ofString(JSON.writeValueAsString(body))));
	}

	/**
	 * Deletes what is at a path.
	 */
	Answer delete(String path) {
		return send(request(path).DELETE());
	}

	/**
	 * The status of everything.
	 */
	Answer status() {
		return get("/api/v1/status");
	}

	/**
	 * The status of one volume with its files.
	 */
	Answer statusOfVolume(String volume) {
		return get("/api/v1/status?volume=" + encode(volume));
	}

	/**
	 * The status of one media file.
	 */
	Answer status(String volume, String path) {
		return get("/api/v1/status/" + encode(volume) + "/" + path(path));
	}

	/**
	 * A path with its segments encoded.
	 */
	static String path(String path) {
		return Arrays.stream(path.split("/", -1)).map(ApiClient::encode).collect(Collectors.joining("/"));
	}

	/**
	 * A segment of a path or a value in a query, encoded.
	 */
	static String encode(String segment) {
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

	private HttpRequest.Builder request(String path) {
		return HttpRequest.newBuilder(URI.create(this.url + path))
			.header("Authorization", "Bearer " + this.token)
			.timeout(TIMEOUT);
	}

	private Answer send(HttpRequest.Builder request) {
		try (HttpClient client = HttpClient.newBuilder().connectTimeout(TIMEOUT).build()) {
			HttpResponse<String> response = client.send(request.build(), BodyHandlers.ofString());
			return new Answer(response.statusCode(), response.body());
		}
		catch (ConnectException ex) {
			throw new HoldfastException(ExitCode.NOT_RUNNING,
					"Holdfast does not answer at %s: start it with ./holdfast up".formatted(this.url), ex);
		}
		catch (IOException ex) {
			throw new HoldfastException(ExitCode.FAILED, "Asking %s failed (%s): try again".formatted(this.url, ex),
					ex);
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
