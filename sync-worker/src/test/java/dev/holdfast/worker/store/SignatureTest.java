package dev.holdfast.worker.store;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.holdfast.model.Digest;
import dev.holdfast.model.Version;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Signatures as a strict store checks them, which no emulator does: from what arrives,
 * the key decoded and encoded again. What the SDK signs by itself passes the same check
 * and arrives under the same path.
 */
class SignatureTest {

	private static final byte[] CONTENT = "content".getBytes(StandardCharsets.UTF_8);

	private static final Pattern AUTHORIZATION = Pattern
		.compile("AWS4-HMAC-SHA256 Credential=test/([^,]+), SignedHeaders=([^,]+), Signature=([0-9a-f]{64})");

	private static final String UNRESERVED = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~";

	private final List<String> paths = new CopyOnWriteArrayList<>();

	private final List<String> refusals = new CopyOnWriteArrayList<>();

	private final HttpServer server = TestStores.server();

	@BeforeEach
	void serve() {
		this.server.createContext("/", (exchange) -> {
			byte[] body = exchange.getRequestBody().readAllBytes();
			this.paths.add(exchange.getRequestURI().getRawPath());
			check(exchange, body);
			exchange.getResponseHeaders().add("ETag", "\"abc\"");
			exchange.getResponseHeaders().add("x-amz-checksum-sha256", Digest.of(CONTENT).base64());
			exchange.sendResponseHeaders(200, -1);
			exchange.close();
		});
		this.server.start();
	}

	@AfterEach
	void stop() {
		this.server.stop(0);
	}

	@ParameterizedTest
	@ValueSource(strings = { "plain.png", "with space.png", "a+b", "a~b", "100%", "%2F", "a%20b", "ümläut.png", "日本語",
			"😀.gif", "back\\slash", "a=b&c?d#e;f:g@h", "(a)'b'!*$,[]{}|^`\"<>", "dir/-x/..a/b", "trailing." })
	void isWhatAStrictStoreComputes(String key) throws Exception {
		StoreProperties properties = TestStores.properties(
				URI.create("http://127.0.0.1:" + this.server.getAddress().getPort()),
				Map.of("holdfast.store.cache-control", "max-age=60,  public"));
		Digest digest = Digest.of(CONTENT);
		ReplicaMetadata metadata = new ReplicaMetadata(Version.NONE.next(), digest, Instant.EPOCH, "1000:100", 0640);
		try (S3ObjectStore store = new S3ObjectStore(properties); S3Client sdk = S3Clients.create(properties)) {
			store.put(new PutRequest(key, CONTENT.length, digest, "image/png", metadata, new PutCondition.Absent()),
					new BytesContent(CONTENT));
			sdk.putObject((put) -> put.bucket(properties.bucket()).key(key).checksumSHA256(digest.base64()),
					RequestBody.fromBytes(CONTENT));
			sdk.headObject((head) -> head.bucket(properties.bucket()).key(key));
		}
		assertThat(this.refusals).isEmpty();
		assertThat(this.paths).hasSize(3).containsOnly("/contract/" + encoded(key));
	}

	private void check(HttpExchange exchange, byte[] body) {
		Headers headers = exchange.getRequestHeaders();
		Matcher said = AUTHORIZATION.matcher(String.valueOf(headers.getFirst("Authorization")));
		if (!said.matches()) {
			this.refusals.add("not signed: " + headers.getFirst("Authorization"));
			return;
		}
		String payload = String.valueOf(headers.getFirst("x-amz-content-sha256"));
		if (body.length > 0 && !payload.equals(Digest.of(body).hex())) {
			this.refusals.add("the payload was signed as " + payload);
		}
		String scope = said.group(1);
		String signedHeaders = said.group(2);
		String canonicalHeaders = Arrays.stream(signedHeaders.split(";", -1))
			.map((name) -> name + ":"
					+ String.join(",", headers.getOrDefault(name, List.of())).strip().replaceAll(" +", " ") + "\n")
			.collect(Collectors.joining());
		String path = URLDecoder.decode(exchange.getRequestURI().getRawPath().replace("+", "%2B"),
				StandardCharsets.UTF_8);
		String canonical = String.join("\n", exchange.getRequestMethod(), encoded(path), "", canonicalHeaders,
				signedHeaders, payload);
		String toSign = String.join("\n", "AWS4-HMAC-SHA256", String.valueOf(headers.getFirst("x-amz-date")), scope,
				HexFormat.of().formatHex(sha256(canonical)));
		byte[] key = "AWS4test".getBytes(StandardCharsets.UTF_8);
		for (String step : scope.split("/", -1)) {
			key = hmac(key, step);
		}
		String expected = HexFormat.of().formatHex(hmac(key, toSign));
		if (!expected.equals(said.group(3))) {
			this.refusals.add("SignatureDoesNotMatch, this is what was to be signed:\n" + canonical);
		}
	}

	/**
	 * As the User Guide of Amazon S3 has it: everything but the unreserved and slashes.
	 */
	private static String encoded(String text) {
		StringBuilder encoded = new StringBuilder();
		for (byte octet : text.getBytes(StandardCharsets.UTF_8)) {
			char character = (char) (octet & 0xff);
			if (character == '/' || UNRESERVED.indexOf(character) >= 0) {
				encoded.append(character);
			}
			else {
				encoded.append('%').append(HexFormat.of().withUpperCase().toHexDigits(octet));
			}
		}
		return encoded.toString();
	}

	private static byte[] sha256(String text) {
		try {
			return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static byte[] hmac(byte[] key, String text) {
		try {
			Mac mac = Mac.getInstance("HmacSHA256");
			mac.init(new SecretKeySpec(key, "HmacSHA256"));
			return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
