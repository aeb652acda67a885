package dev.holdfast.worker.source;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.holdfast.model.Digest;
import dev.holdfast.model.MediaStored;
import dev.holdfast.worker.source.SourceException.Kind;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class HttpMediaSourceTest {

	private static final String TOKEN = "a-token-that-nobody-may-see";

	@TempDir
	Path directory;

	/** By raw path, as it went over the wire. */
	private final Map<String, byte[]> served = new ConcurrentHashMap<>();

	/** The body of a refusal, by its path. */
	private final Map<String, String> problems = new ConcurrentHashMap<>();

	private final CountDownLatch over = new CountDownLatch(1);

	private final Map<String, Integer> refused = new ConcurrentHashMap<>();

	private HttpServer server;

	private TestVolume events;

	private HttpMediaSource source;

	@BeforeEach
	void serve() throws IOException {
		this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		this.server.createContext("/", this::answer);
		this.server.start();
		this.events = new TestVolume(Files.createDirectory(this.directory.resolve("events")));
		Path large = Files.createDirectory(this.directory.resolve("large"));
		this.source = new HttpMediaSource(base(), TOKEN, large, Duration.ofSeconds(30));
	}

	@AfterEach
	void stop() {
		this.over.countDown();
		this.server.stop(0);
	}

	private void answer(HttpExchange exchange) throws IOException {
		String path = exchange.getRequestURI().getRawPath();
		byte[] body = this.served.get(path);
		int status = this.refused.getOrDefault(path, (body != null) ? 200 : 404);
		if (!("Bearer " + TOKEN).equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
			status = 401;
		}
		if (body == null || status != 200) {
			byte[] problem = this.problems.getOrDefault(path, "").getBytes(StandardCharsets.UTF_8);
			exchange.getResponseHeaders().set("Content-Type", "application/problem+json");
			exchange.sendResponseHeaders(status, (problem.length == 0) ? -1 : problem.length);
			exchange.getResponseBody().write(problem);
		}
		else {
			exchange.getResponseHeaders().set("ETag", "\"" + Digest.of(body).hex() + "\"");
			exchange.sendResponseHeaders(200, (body.length == 0) ? -1 : body.length);
			try (OutputStream out = exchange.getResponseBody()) {
				out.write(body);
			}
		}
		exchange.close();
	}

	private long temporaryFiles() throws IOException {
		try (Stream<Path> files = Files.list(this.directory.resolve("large"))) {
			return files.count();
		}
	}

	@ParameterizedTest
	@CsvSource({ "logo.png, logo.png, 3", "empty, empty, 0", "a b+c&d.png, a%20b%2Bc%26d.png, 3",
			"grün/straße.png, gr%C3%BCn/stra%C3%9Fe.png, 3", "-x;y=1, -x%3By%3D1, 3" })
	void readsFilesOfAnyName(String path, String encoded, int size) throws Exception {
		byte[] bytes = new byte[size];
		this.served.put("/api/v1/media/media/" + encoded, bytes);
		try (SourceFile file = this.source.open(this.events.event(path, bytes))) {
			assertThat(file.size()).isEqualTo(size);
			assertThat(file.readAll()).isEqualTo(bytes);
			assertThat(file.unchanged()).isTrue();
		}
		assertThat(temporaryFiles()).isZero();
	}

	@Test
	void readsALargeFileAsOftenAsItIsAsked_andCleansUp() throws Exception {
		byte[] bytes = new byte[8 * 1024 * 1024 + 1];
		bytes[bytes.length - 1] = 1;
		this.served.put("/api/v1/media/media/large", bytes);
		MediaStored event = this.events.event("large", bytes);
		try (SourceFile file = this.source.open(event)) {
			assertThat(file.size()).isEqualTo(bytes.length);
			for (int i = 0; i < 2; i++) {
				try (InputStream in = Channels.newInputStream(file.content().open())) {
					assertThat(Digest.of(in)).isEqualTo(event.digest());
				}
			}
			assertThat(temporaryFiles()).isEqualTo(1);
		}
		assertThat(temporaryFiles()).isZero();
	}

	@Test
	void seesThatAFileHasOtherBytesThanTheEventSays() {
		this.served.put("/api/v1/media/media/a", new byte[] { 1 });
		assertThat(failure(this.events.event("a", new byte[] { 2 }))).isEqualTo(Kind.CHANGED);
	}

	@ParameterizedTest
	@CsvSource({ "404, MISSING", "410, MISSING", "401, VOLUME_AWAY", "403, VOLUME_AWAY", "503, VOLUME_AWAY",
			"500, TRANSIENT", "400, UNREADABLE" })
	void tellsWhatAnAnswerMeans(int status, Kind expected) {
		this.refused.put("/api/v1/media/media/a", status);
		assertThat(failure(this.events.event("a", new byte[1]))).isEqualTo(expected);
	}

	/** What app-service means where a status has several meanings. */
	@ParameterizedTest
	@CsvSource({ "404, no-such-volume, VOLUME_AWAY", "404, not-found, MISSING", "503, being-written, TRANSIENT",
			"503, volume-not-available, VOLUME_AWAY", "503, unavailable, VOLUME_AWAY" })
	void tellsWhatAProblemMeans(int status, String type, Kind expected) {
		this.refused.put("/api/v1/media/media/a", status);
		this.problems.put("/api/v1/media/media/a",
				"{\"type\":\"https://holdfast.dev/problems/" + type + "\",\"status\":" + status + "}");
		assertThat(failure(this.events.event("a", new byte[1]))).isEqualTo(expected);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "{", "[]", "{\"type\":7}", "{\"type\":\"https://elsewhere.example/being-written\"}" })
	void goesByTheStatusWhereTheProblemIsNotAppServices(String problem) {
		this.refused.put("/api/v1/media/media/a", 503);
		this.problems.put("/api/v1/media/media/a", problem);
		assertThat(failure(this.events.event("a", new byte[1]))).isEqualTo(Kind.VOLUME_AWAY);
	}

	/** The timeout of a request ends where its body begins. */
	@ParameterizedTest
	@ValueSource(ints = { 3, 8 * 1024 * 1024 + 1 })
	@Timeout(60)
	void doesNotWaitForEverForABodyThatStalls(int size) throws Exception {
		byte[] bytes = new byte[size];
		this.server.createContext("/api/v1/media/media/stalls", (exchange) -> {
			exchange.getResponseHeaders().set("ETag", "\"" + Digest.of(bytes).hex() + "\"");
			exchange.sendResponseHeaders(200, size);
			exchange.getResponseBody().write(bytes, 0, 1);
			exchange.getResponseBody().flush();
			awaitEnd();
			exchange.close();
		});
		this.source = new HttpMediaSource(base(), TOKEN, this.directory.resolve("large"), Duration.ofMillis(200));
		assertThatExceptionOfType(SourceException.class)
			.isThrownBy(() -> this.source.open(this.events.event("stalls", bytes)))
			.withMessageContaining("nothing more arrived")
			.satisfies((ex) -> assertThat(ex.kind()).isEqualTo(Kind.TRANSIENT));
		assertThat(temporaryFiles()).isZero();
	}

	private void awaitEnd() {
		try {
			this.over.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private URI base() {
		return URI.create("http://localhost:" + this.server.getAddress().getPort());
	}

	@Test
	void waitsForAnAppServiceThatIsAway() throws Exception {
		this.served.put("/actuator/health/readiness", new byte[0]);
		this.source.probe(TestVolume.NAME);
		this.refused.put("/actuator/health/readiness", 503);
		assertThatExceptionOfType(SourceException.class).isThrownBy(() -> this.source.probe(TestVolume.NAME))
			.satisfies((ex) -> assertThat(ex.kind()).isEqualTo(Kind.VOLUME_AWAY));
		this.server.stop(0);
		assertThat(failure(this.events.event("a", new byte[1]))).isEqualTo(Kind.VOLUME_AWAY);
	}

	private Kind failure(MediaStored event) {
		try (SourceFile file = this.source.open(event)) {
			throw new AssertionError("opened: " + file.size());
		}
		catch (SourceException ex) {
			assertThat(Objects.requireNonNull(ex.getMessage())).doesNotContain(TOKEN);
			return ex.kind();
		}
		catch (InterruptedException ex) {
			throw new AssertionError(ex);
		}
	}

}
