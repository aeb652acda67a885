package dev.holdfast.worker.store;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.holdfast.worker.store.StoreException.Kind;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Deletes at a store that has conditions for puts and none for deletes. What the others
 * do is the contract's to say.
 */
class S3DeletionTest {

	private static final StoredObject SEEN = new StoredObject("k", 3, "abc", null, null);

	/** Method, and the condition where there is one. */
	private final List<String> requests = new CopyOnWriteArrayList<>();

	private final HttpServer server = TestStores.server();

	private String etag = "abc";

	/** What the object becomes once a delete was refused. */
	private String etagLater = "abc";

	private int refusal = 501;

	private String code = "NotImplemented";

	@BeforeEach
	void serve() {
		this.server.createContext("/", (exchange) -> {
			exchange.getRequestBody().readAllBytes();
			switch (exchange.getRequestMethod()) {
				case "HEAD" -> {
					this.requests.add("HEAD");
					exchange.getResponseHeaders().add("ETag", '"' + this.etag + '"');
					exchange.getResponseHeaders().add("Content-Length", "3");
					exchange.sendResponseHeaders(200, -1);
				}
				case "DELETE" -> delete(exchange);
				// No versioning, and no uploads under way.
				default -> exchange.sendResponseHeaders(200, -1);
			}
			exchange.close();
		});
		this.server.start();
	}

	private void delete(HttpExchange exchange) throws IOException {
		String condition = exchange.getRequestHeaders().getFirst("If-Match");
		this.requests.add((condition != null) ? "DELETE if " + condition : "DELETE");
		if (condition != null) {
			this.etag = this.etagLater;
		}
		if (condition == null) {
			exchange.sendResponseHeaders(204, -1);
			return;
		}
		byte[] body = ("<Error><Code>" + this.code + "</Code></Error>").getBytes(StandardCharsets.UTF_8);
		exchange.sendResponseHeaders(this.refusal, body.length);
		exchange.getResponseBody().write(body);
	}

	@AfterEach
	void stop() {
		this.server.stop(0);
	}

	@Test
	void isLookedAtAndDeletedWhereTheStoreKnowsNoCondition() throws Exception {
		try (S3ObjectStore store = store()) {
			store.erase(SEEN);
			assertThat(this.requests).containsExactly("HEAD", "DELETE if \"abc\"", "HEAD", "DELETE");
			this.requests.clear();
			store.erase(SEEN);
			assertThat(this.requests).as("once is enough to know").containsExactly("HEAD", "DELETE");
		}
	}

	@Test
	void staysWhereItIsAnotherObjectByThen() {
		this.etagLater = "other";
		assertThatExceptionOfType(StoreException.class).isThrownBy(this::erase)
			.satisfies((ex) -> assertThat(ex.kind()).isEqualTo(Kind.CONFLICT));
		assertThat(this.requests).doesNotContain("DELETE");
	}

	@Test
	void anyOtherRefusalIsOne() {
		this.refusal = 412;
		this.code = "PreconditionFailed";
		assertThatExceptionOfType(StoreException.class).isThrownBy(this::erase)
			.satisfies((ex) -> assertThat(ex.kind()).isEqualTo(Kind.CONFLICT));
		assertThat(this.requests).doesNotContain("DELETE");
	}

	@Test
	void whatSomethingInBetweenDoesNotImplementSaysNothingOfTheStore() {
		this.code = "";
		assertThatExceptionOfType(StoreException.class).isThrownBy(this::erase);
		assertThat(this.requests).doesNotContain("DELETE");
	}

	private void erase() throws Exception {
		try (S3ObjectStore store = store()) {
			store.erase(SEEN);
		}
	}

	private S3ObjectStore store() {
		return new S3ObjectStore(
				TestStores.properties(URI.create("http://127.0.0.1:" + this.server.getAddress().getPort()), Map.of()));
	}

}
