package dev.holdfast.worker.store;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import com.sun.net.httpserver.HttpServer;
import dev.holdfast.model.Digest;
import dev.holdfast.model.Version;
import dev.holdfast.worker.store.StoreException.Kind;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What each failure of a store is told as. A small server gives the answers that no
 * emulator gives.
 */
@Timeout(60)
class S3FailuresTest {

	private static final byte[] CONTENT = "content".getBytes(StandardCharsets.UTF_8);

	private final AtomicInteger requests = new AtomicInteger();

	private volatile int status = 200;

	private volatile String code = "";

	private @Nullable HttpServer server;

	@BeforeEach
	void serve() throws IOException {
		HttpServer created = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		created.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
		created.createContext("/", (exchange) -> {
			this.requests.incrementAndGet();
			exchange.getRequestBody().readAllBytes();
			byte[] body = ("<Error><Code>" + this.code + "</Code><Message>said so</Message></Error>")
				.getBytes(StandardCharsets.UTF_8);
			boolean head = exchange.getRequestMethod().equals("HEAD");
			exchange.sendResponseHeaders(this.status, head ? -1 : body.length);
			if (!head) {
				exchange.getResponseBody().write(body);
			}
			exchange.close();
		});
		created.start();
		this.server = created;
	}

	@AfterEach
	void stop() {
		if (this.server != null) {
			this.server.stop(0);
		}
	}

	private StoreProperties properties(Map<String, String> more) {
		return TestStores.properties(
				URI.create("http://127.0.0.1:" + Objects.requireNonNull(this.server).getAddress().getPort()), more);
	}

	private static PutRequest request(String key) {
		Digest digest = Digest.of(CONTENT);
		return new PutRequest(key, CONTENT.length, digest, "text/plain",
				new ReplicaMetadata(Version.NONE.next(), digest, Instant.EPOCH, null, null), new PutCondition.Absent());
	}

	private static StoreException failure(StoreProperties properties, String key) {
		AtomicReference<@Nullable StoreException> thrown = new AtomicReference<>();
		try (S3ObjectStore store = new S3ObjectStore(properties)) {
			assertThatExceptionOfType(StoreException.class)
				.isThrownBy(() -> store.put(request(key), new BytesContent(CONTENT)))
				.satisfies(thrown::set);
		}
		return Objects.requireNonNull(thrown.get());
	}

	@ParameterizedTest
	@CsvSource({ "412, PreconditionFailed, CONFLICT, ''", "409, ConditionalRequestConflict, CONFLICT, ''",
			"404, NoSuchKey, CONFLICT, ''", "400, BadDigest, REFUSED_BYTES, ''",
			"400, XAmzContentSHA256Mismatch, REFUSED_BYTES, ''", "404, NoSuchBucket, NO_BUCKET, create the bucket",
			"301, PermanentRedirect, NO_BUCKET, holdfast.store.region", "403, AccessDenied, DENIED, s3:PutObject",
			"403, SignatureDoesNotMatch, DENIED, holdfast.store.access-key", "403, RequestTimeTooSkewed, DENIED, clock",
			"400, ExpiredToken, DENIED, fresh credentials", "400, KMS.DisabledException, DENIED, kms-key-id",
			"507, XMinioStorageFull, DENIED, full", "503, SlowDown, THROTTLED, ''", "429, '', THROTTLED, ''",
			"500, InternalError, TRANSIENT, ''", "503, ServiceUnavailable, TRANSIENT, ''",
			"400, RequestTimeout, TRANSIENT, ''", "400, KeyTooLongError, PERMANENT, shorten",
			"400, InvalidRequest, PERMANENT, ''", "501, NotImplemented, PERMANENT, conditional-writes" })
	void anAnswerIsToldAsWhatItMeans(int answer, String errorCode, Kind kind, String hint) {
		this.status = answer;
		this.code = errorCode;
		StoreException failure = failure(properties(Map.of()), "a");
		assertThat(failure.kind()).as(failure.getMessage()).isEqualTo(kind);
		assertThat(failure.hint()).contains(hint);
		assertThat(failure).hasMessageContaining("put 'a'").hasMessageContaining(String.valueOf(answer));
		assertThat(failure.getMessage()).doesNotContain("Signature=", "AWS4-HMAC");
		assertThat(this.requests).as("asked once").hasValue(1);
	}

	@Test
	void noOneAtTheAddressIsUnreachable() {
		StoreProperties properties = properties(Map.of());
		stop();
		StoreException failure = failure(properties, "a");
		assertThat(failure.kind()).isEqualTo(Kind.UNREACHABLE);
		assertThat(failure.hint()).contains("holdfast.store.endpoint");
	}

	@Test
	void aNameThatNobodyKnowsIsUnreachable() {
		StoreException failure = failure(
				TestStores.properties(URI.create("http://no-such-host.invalid:9000"), Map.of()), "a");
		assertThat(failure.kind()).isEqualTo(Kind.UNREACHABLE);
		assertThat(failure.hint()).contains("name service");
	}

	@Test
	void aServerThatDropsTheConnectionIsAPassingFault() throws Exception {
		try (RawServer dropping = new RawServer(Socket::close)) {
			assertThat(failure(TestStores.properties(dropping.uri(), Map.of()), "a").kind()).isEqualTo(Kind.TRANSIENT);
		}
	}

	@Test
	void aServerThatSaysNothingIsAPassingFault() throws Exception {
		try (RawServer silent = new RawServer((socket) -> {
		})) {
			StoreProperties properties = TestStores.properties(silent.uri(),
					Map.of("holdfast.store.socket-timeout", "300ms"));
			assertThat(failure(properties, "a").kind()).isEqualTo(Kind.TRANSIENT);
		}
	}

	@Test
	void aKeyThatTheServerDropsIsPermanent() throws Exception {
		try (RawServer picky = new RawServer((socket) -> {
			byte[] start = socket.getInputStream().readNBytes(4);
			if (new String(start, StandardCharsets.UTF_8).equals("HEAD")) {
				socket.getOutputStream()
					.write("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
						.getBytes(StandardCharsets.UTF_8));
				socket.shutdownOutput();
			}
			else {
				socket.close();
			}
		})) {
			StoreException failure = failure(TestStores.properties(picky.uri(), Map.of()), "a\\b");
			assertThat(failure.kind()).isEqualTo(Kind.PERMANENT);
			assertThat(failure).hasMessageContaining("backslash").hasMessageContaining("rename the file");
		}
	}

	@Test
	void anInterruptEndsAWaitForTheServer() throws Exception {
		CountDownLatch waiting = new CountDownLatch(1);
		try (RawServer silent = new RawServer((socket) -> {
			socket.getInputStream().readNBytes(100);
			waiting.countDown();
		}); S3ObjectStore store = new S3ObjectStore(TestStores.properties(silent.uri(), Map.of()))) {
			AtomicReference<@Nullable Throwable> thrown = new AtomicReference<>();
			Thread putting = Thread.ofPlatform().start(() -> {
				try {
					store.put(request("a"), new BytesContent(CONTENT));
				}
				catch (Exception ex) {
					thrown.set(ex);
				}
			});
			waiting.await();
			putting.interrupt();
			assertThat(putting.join(Duration.ofSeconds(10))).isTrue();
			assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
		}
	}

	/** A server without manners. */
	private static final class RawServer implements AutoCloseable {

		private final ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());

		private final Thread acceptor;

		interface Manner {

			void serve(Socket socket) throws IOException;

		}

		RawServer(Manner manner) throws IOException {
			this.acceptor = Thread.ofVirtual().start(() -> {
				while (!this.socket.isClosed()) {
					try {
						Socket accepted = this.socket.accept();
						Thread.ofVirtual().start(() -> {
							try {
								manner.serve(accepted);
							}
							catch (IOException ex) {
								// The client has gone.
							}
						});
					}
					catch (IOException ex) {
						return;
					}
				}
			});
		}

		URI uri() {
			return URI.create("http://127.0.0.1:" + this.socket.getLocalPort());
		}

		@Override
		public void close() throws IOException {
			this.socket.close();
			this.acceptor.interrupt();
		}

	}

}
