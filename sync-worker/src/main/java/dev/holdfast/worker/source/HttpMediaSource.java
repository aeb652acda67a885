package dev.holdfast.worker.source;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.stream.Collectors;

import dev.holdfast.model.MediaId;
import dev.holdfast.model.MediaStored;
import dev.holdfast.model.VolumeName;
import dev.holdfast.worker.source.SourceException.Kind;
import dev.holdfast.worker.store.BytesContent;
import dev.holdfast.worker.store.ContentSource;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads media files from app-service, for a worker on a machine that has no volume. A
 * small file goes into memory, a large one into a temporary file, so that each attempt to
 * put it, and each part, can read it anew.
 */
final class HttpMediaSource implements MediaSource {

	/** Files up to this size are kept in memory while they are replicated. */
	private static final long IN_MEMORY = 8 * 1024 * 1024;

	private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

	/**
	 * Until the answer begins, and between its bytes; the body may take as long as it
	 * flows.
	 */
	private static final Duration PATIENCE = Duration.ofSeconds(30);

	/** Of a refusal, so much is read. */
	private static final int LONGEST_PROBLEM = 64 * 1024;

	private static final String PROBLEM = "application/problem+json";

	private static final String PROBLEMS = "https://holdfast.dev/problems/";

	private final URI base;

	private final @Nullable String token;

	private final @Nullable Path directory;

	private final Duration patience;

	private final ScheduledExecutorService timer = Executors
		.newSingleThreadScheduledExecutor(Thread.ofVirtual().name("source-timer").factory());

	private final HttpClient client = HttpClient.newBuilder()
		.version(HttpClient.Version.HTTP_1_1)
		.connectTimeout(CONNECT_TIMEOUT)
		.build();

	HttpMediaSource(URI base, @Nullable String token, @Nullable Path directory, Duration patience) {
		this.base = base;
		this.token = token;
		this.directory = directory;
		this.patience = patience;
	}

	/**
	 * The source that the properties name, {@code null} where they name none.
	 */
	static @Nullable MediaSource of(SourceProperties.Remote remote) {
		URI url = remote.url();
		return (url == null) ? null : new HttpMediaSource(url, remote.token(), remote.directory(), PATIENCE);
	}

	@Override
	public SourceFile open(MediaStored event) throws SourceException, InterruptedException {
		MediaId id = event.id();
		HttpResponse<InputStream> response = send(id.volume(), HttpRequest.newBuilder(uriOf(id)).GET(),
				"read '" + id + "'");
		try (InputStream body = new FlowingBody(response.body(), this.patience, this.timer)) {
			check(id, response.statusCode(), problem(response, body));
			String etag = response.headers().firstValue("ETag").orElse("");
			if (!etag.equals("\"" + event.digest().hex() + "\"")) {
				throw new SourceException(Kind.CHANGED, id.volume(),
						"read '" + id + "': app-service has it with other bytes than the event says", null);
			}
			return (event.size() <= IN_MEMORY) ? new InMemory(body.readNBytes((int) event.size() + 1))
					: temporary(body, event.size());
		}
		catch (IOException ex) {
			throw new SourceException(Kind.TRANSIENT, id.volume(), "read '" + id + "' from app-service: " + ex, ex);
		}
	}

	@Override
	public void probe(VolumeName volume) throws SourceException, InterruptedException {
		HttpRequest.Builder request = HttpRequest.newBuilder(this.base.resolve("/actuator/health/readiness")).GET();
		HttpResponse<InputStream> response = send(volume, request, "probe");
		try (InputStream body = response.body()) {
			body.skipNBytes(0);
		}
		catch (IOException ex) {
			throw away(volume, "probe", ex.toString(), ex);
		}
		if (response.statusCode() != 200) {
			throw away(volume, "probe", "it answers " + response.statusCode(), null);
		}
	}

	private HttpResponse<InputStream> send(VolumeName volume, HttpRequest.Builder request, String operation)
			throws SourceException, InterruptedException {
		request.timeout(this.patience);
		if (this.token != null) {
			request.header("Authorization", "Bearer " + this.token);
		}
		try {
			return this.client.send(request.build(), BodyHandlers.ofInputStream());
		}
		catch (IOException ex) {
			throw away(volume, operation, ex.toString(), ex);
		}
	}

	/**
	 * What app-service says that the problem is, in its own terms; empty where it says
	 * nothing, or where something on the way has answered.
	 */
	private static String problem(HttpResponse<?> response, InputStream body) throws IOException {
		String type = response.headers().firstValue("Content-Type").orElse("");
		if (response.statusCode() == 200 || !type.startsWith(PROBLEM)) {
			return "";
		}
		try {
			String problem = JsonMapper.shared()
				.readTree(body.readNBytes(LONGEST_PROBLEM))
				.path("type")
				.stringValue("");
			return problem.startsWith(PROBLEMS) ? problem.substring(PROBLEMS.length()) : "";
		}
		catch (JacksonException ex) {
			// Then the status says what can be said.
			return "";
		}
	}

	private void check(MediaId id, int status, String problem) throws SourceException {
		String operation = "read '" + id + "'";
		switch (problem) {
			case "no-such-volume" -> throw away(id.volume(), operation,
					"it has no volume of this name: configure it there, or mount it here", null);
			case "being-written" -> throw new SourceException(Kind.TRANSIENT, id.volume(),
					operation + ": another program is writing to it, says app-service", null);
			default -> {
				// The status says it.
			}
		}
		switch (status) {
			case 200 -> {
				// As it should be.
			}
			case 404, 410 -> throw new SourceException(Kind.MISSING, id.volume(),
					operation + ": missing on the volume, says app-service", null);
			case 401, 403 -> throw away(id.volume(), operation,
					"it refuses the token (" + status + "): set holdfast.source.token to that of its API", null);
			case 502, 503, 504 -> throw away(id.volume(), operation, "it answers " + status, null);
			case 400, 414, 422 -> throw new SourceException(Kind.UNREADABLE, id.volume(),
					operation + ": app-service refuses to serve it (" + status + ")", null);
			default -> throw new SourceException(Kind.TRANSIENT, id.volume(),
					operation + ": app-service answers " + status, null);
		}
	}

	private SourceException away(VolumeName volume, String operation, String why, @Nullable Exception cause) {
		return new SourceException(Kind.VOLUME_AWAY, volume, operation + " at app-service " + this.base + ": " + why,
				cause);
	}

	private URI uriOf(MediaId id) {
		String path = Arrays.stream(id.path().split("/", -1))
			.map((segment) -> URLEncoder.encode(segment, StandardCharsets.UTF_8).replace("+", "%20"))
			.collect(Collectors.joining("/"));
		return this.base.resolve("/api/v1/media/" + id.volume() + "/" + path);
	}

	private SourceFile temporary(InputStream body, long size) throws IOException {
		Path file = (this.directory != null) ? Files.createTempFile(this.directory, "holdfast-", ".media")
				: Files.createTempFile("holdfast-", ".media");
		try (var out = Files.newOutputStream(file, StandardOpenOption.WRITE)) {
			byte[] buffer = new byte[64 * 1024];
			long total = 0;
			for (int read = body.read(buffer); read >= 0 && total <= size; read = body.read(buffer)) {
				out.write(buffer, 0, read);
				total += read;
			}
			return new Temporary(file, total);
		}
		catch (IOException ex) {
			Files.deleteIfExists(file);
			throw ex;
		}
	}

	/** A small file. */
	private static final class InMemory implements SourceFile {

		private final byte[] bytes;

		InMemory(byte[] bytes) {
			this.bytes = bytes;
		}

		@Override
		public long size() {
			return this.bytes.length;
		}

		@Override
		public byte[] readAll() {
			return this.bytes;
		}

		@Override
		public ContentSource content() {
			return new BytesContent(this.bytes);
		}

		@Override
		public boolean unchanged() {
			return true;
		}

		@Override
		public void close() {
			// Nothing to give back.
		}

	}

	/** A copy of a large file, deleted when it is closed. */
	private record Temporary(Path file, long size) implements SourceFile {

		@Override
		public byte[] readAll() {
			try {
				return Files.readAllBytes(this.file);
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}

		@Override
		public ContentSource content() {
			return () -> Files.newByteChannel(this.file, StandardOpenOption.READ);
		}

		@Override
		public boolean unchanged() {
			return true;
		}

		@Override
		public void close() {
			try {
				Files.deleteIfExists(this.file);
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}

	}

}
