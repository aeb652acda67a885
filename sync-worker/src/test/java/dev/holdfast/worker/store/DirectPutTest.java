package dev.holdfast.worker.store;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpServer;
import dev.holdfast.model.Digest;
import dev.holdfast.model.Version;
import dev.holdfast.worker.store.StoreException.Kind;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.s3.S3Client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What a small put sends and how it takes an answer. That a store takes it is the
 * contract's to say.
 */
class DirectPutTest {

	private static final byte[] CONTENT = "content".getBytes(StandardCharsets.UTF_8);

	private static final Version VERSION = Version.NONE.next();

	private final List<Headers> requests = new CopyOnWriteArrayList<>();

	private final List<String> targets = new CopyOnWriteArrayList<>();

	private final HttpServer server = TestStores.server();

	private int status = 200;

	private String answer = "";

	/** Empty where the store does not say. */
	private String checksum = Digest.of(CONTENT).base64();

	/** What a store has under the key that is asked what it has, empty where nothing. */
	private Map<String, String> present = Map.of();

	@BeforeEach
	void serve() {
		this.server.createContext("/", (exchange) -> {
			this.requests.add(exchange.getRequestHeaders());
			this.targets.add(exchange.getRequestURI().getRawPath());
			exchange.getRequestBody().readAllBytes();
			if (exchange.getRequestMethod().equals("HEAD")) {
				this.present.forEach(exchange.getResponseHeaders()::add);
				exchange.sendResponseHeaders(this.present.isEmpty() ? 404 : 200, -1);
				exchange.close();
				return;
			}
			if (!this.checksum.isEmpty()) {
				exchange.getResponseHeaders().add("x-amz-checksum-sha256", this.checksum);
			}
			exchange.getResponseHeaders().add("ETag", "\"abc\"");
			exchange.getResponseHeaders().add("x-amz-version-id", "v1");
			byte[] body = this.answer.getBytes(StandardCharsets.UTF_8);
			exchange.sendResponseHeaders(this.status, (body.length == 0) ? -1 : body.length);
			exchange.getResponseBody().write(body);
			exchange.close();
		});
		this.server.start();
	}

	@AfterEach
	void stop() {
		this.server.stop(0);
	}

	@Test
	void theAddressIsThatOfTheSdk() {
		assertThat(base(URI.create("http://localhost:9000"), Map.of()))
			.isEqualTo(URI.create("http://localhost:9000/contract/"));
		assertThat(base(URI.create("https://s3.example.org"), Map.of("holdfast.store.path-style", "false")))
			.isEqualTo(URI.create("https://contract.s3.example.org/"));
	}

	@Test
	void sendsWhatEveryReplicaIsGivenAlong() throws Exception {
		StoredObject stored = put("a b/ü+;.png", Map.of("holdfast.store.cache-control", "max-age=60",
				"holdfast.store.object-parameters", "{\"ACL\": \"private\", \"Tagging\": \"a=b\"}"));
		assertThat(stored.etag()).isEqualTo("abc");
		assertThat(stored.objectVersion()).isEqualTo("v1");
		assertThat(this.targets).containsExactly("/contract/a%20b/%C3%BC%2B%3B.png");
		Headers sent = this.requests.getFirst();
		assertThat(sent.getFirst("Cache-Control")).isEqualTo("max-age=60");
		assertThat(sent.getFirst("x-amz-acl")).isEqualTo("private");
		assertThat(sent.getFirst("x-amz-tagging")).isEqualTo("a=b");
		assertThat(sent.getFirst("If-None-Match")).isEqualTo("*");
		assertThat(sent.getFirst("Content-Type")).isEqualTo("image/png");
		assertThat(sent.getFirst("x-amz-checksum-sha256")).isEqualTo(Digest.of(CONTENT).base64());
		assertThat(sent.getFirst("x-amz-content-sha256")).isEqualTo(Digest.of(CONTENT).hex());
		assertThat(sent.getFirst("x-amz-meta-holdfast-digest")).isEqualTo(Digest.of(CONTENT).toString());
	}

	@Test
	void anErrorIsTheStoresOwnAndIsNotAskedForTwice() {
		this.status = 503;
		this.answer = "<?xml version=\"1.0\"?><Error><Code>SlowDown</Code><Message>less</Message></Error>";
		assertThatExceptionOfType(StoreException.class).isThrownBy(() -> put("a", Map.of())).satisfies((ex) -> {
			assertThat(ex.kind()).isEqualTo(Kind.THROTTLED);
			assertThat(ex).hasMessageContaining("SlowDown, less");
		});
		assertThat(this.requests).hasSize(1);
	}

	@Test
	void anAnswerWithoutABodyIsUnderstoodByItsStatus() {
		this.status = 412;
		assertThatExceptionOfType(StoreException.class).isThrownBy(() -> put("a", Map.of()))
			.satisfies((ex) -> assertThat(ex.kind()).isEqualTo(Kind.CONFLICT));
	}

	@Test
	void aYesWithTheChecksumOfOtherBytesIsNone() {
		this.checksum = Digest.EMPTY.base64();
		assertThatExceptionOfType(StoreException.class).isThrownBy(() -> put("a", Map.of()))
			.satisfies((ex) -> assertThat(ex.kind()).isEqualTo(Kind.REFUSED_BYTES));
	}

	@Test
	void aYesThatShowsNothingIsAskedFor() throws Exception {
		this.checksum = "";
		this.present = Map.of("Content-Length", Integer.toString(CONTENT.length), "ETag", "\"abc\"",
				"x-amz-meta-holdfast-version", VERSION.toString(), "x-amz-meta-holdfast-digest",
				Digest.of(CONTENT).toString(), "x-amz-meta-holdfast-modified", Instant.EPOCH.toString());
		assertThat(put("a", Map.of()).etag()).isEqualTo("abc");
		assertThat(this.targets).as("the put and the question").hasSize(2);
	}

	@Test
	void aYesOfAStoreThatThenHasNothingIsNone() {
		this.checksum = "";
		assertThatExceptionOfType(StoreException.class).isThrownBy(() -> put("a", Map.of()))
			.satisfies((ex) -> assertThat(ex.kind()).isEqualTo(Kind.REFUSED_BYTES));
	}

	@Test
	void aYesOfAStoreThatThenHasAnotherObjectIsAConflict() {
		this.checksum = "";
		this.present = Map.of("Content-Length", "3", "ETag", "\"other\"");
		assertThatExceptionOfType(StoreException.class).isThrownBy(() -> put("a", Map.of()))
			.satisfies((ex) -> assertThat(ex.kind()).isEqualTo(Kind.CONFLICT));
	}

	@Test
	void aStoreThatIsNotThereIsUnreachable() {
		stop();
		assertThatExceptionOfType(StoreException.class).isThrownBy(() -> put("a", Map.of()))
			.satisfies((ex) -> assertThat(ex.kind()).isEqualTo(Kind.UNREACHABLE));
	}

	private StoredObject put(String key, Map<String, String> settings) throws Exception {
		URI endpoint = URI.create("http://127.0.0.1:" + this.server.getAddress().getPort());
		Digest digest = Digest.of(CONTENT);
		ReplicaMetadata metadata = new ReplicaMetadata(VERSION, digest, Instant.EPOCH, null, null);
		try (S3ObjectStore store = new S3ObjectStore(TestStores.properties(endpoint, settings))) {
			return store.put(
					new PutRequest(key, CONTENT.length, digest, "image/png", metadata, new PutCondition.Absent()),
					new BytesContent(CONTENT));
		}
	}

	private static URI base(URI endpoint, Map<String, String> settings) {
		StoreProperties properties = TestStores.properties(endpoint, settings);
		try (S3Client client = S3Clients.create(properties)) {
			return DirectCall.base(properties, client);
		}
	}

}
