package dev.holdfast.worker.source;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.holdfast.model.Digest;
import dev.holdfast.model.MediaStored;
import dev.holdfast.worker.source.SourceException.Kind;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class HttpMediaSourceTest {

	private static final String TOKEN = "a-token-that-nobody-may-see";

	@TempDir
	Path directory;

	/** By raw path, as it went over the wire. */
	private final Map<String, byte[]> served = new ConcurrentHashMap<>();

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
		this.source = new HttpMediaSource(URI.create("http://localhost:" + this.server.getAddress().getPort()), TOKEN,
				large);
	}

	@AfterEach
	void stop() {
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
			exchange.sendResponseHeaders(status, -1);
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
