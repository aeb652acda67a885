package dev.holdfast.it.harness;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * Plain requests that end in an {@link Answer} or an {@link IOException}.
 */
public final class Http {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private static final HttpClient CLIENT = HttpClient.newBuilder()
		.version(HttpClient.Version.HTTP_1_1)
		.connectTimeout(Duration.ofSeconds(10))
		.build();

	private Http() {
	}

	/**
	 * Sends a request and reads the answer to its end.
	 */
	public static Answer send(HttpRequest.Builder request) throws IOException {
		try {
			HttpResponse<byte[]> response = CLIENT.send(request.timeout(PATIENCE).build(),
					HttpResponse.BodyHandlers.ofByteArray());
			return new Answer(response.statusCode(), response.headers().map(), response.body());
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IOException("Interrupted while waiting for an answer", ex);
		}
	}

	/**
	 * Gets a page.
	 */
	public static Answer get(URI uri) throws IOException {
		return send(HttpRequest.newBuilder(uri).GET());
	}

	/**
	 * Whether a page answers 200; false where nobody answers at all.
	 */
	public static boolean isOk(URI uri) {
		try {
			return CLIENT
				.send(HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(2)).GET().build(),
						HttpResponse.BodyHandlers.discarding())
				.statusCode() == 200;
		}
		catch (IOException _) {
			return false;
		}
		catch (InterruptedException _) {
			Thread.currentThread().interrupt();
			return false;
		}
	}

	/**
	 * A path with every segment percent-encoded and its slashes kept.
	 */
	public static String encode(String path) {
		return Arrays.stream(path.split("/", -1))
			.map((segment) -> URLEncoder.encode(segment, StandardCharsets.UTF_8).replace("+", "%20"))
			.collect(Collectors.joining("/"));
	}

}
