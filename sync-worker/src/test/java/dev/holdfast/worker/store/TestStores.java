package dev.holdfast.worker.store;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;

import com.sun.net.httpserver.HttpServer;
import dev.holdfast.model.Digest;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/**
 * Stores at an endpoint for tests.
 */
public final class TestStores {

	private TestStores() {
	}

	/**
	 * A server on a port of its own, which answers as the test says and is not started
	 * yet.
	 */
	static HttpServer server() {
		try {
			return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * The properties of a store.
	 * @param more what differs, by full name
	 */
	public static StoreProperties properties(URI endpoint, Map<String, String> more) {
		Map<String, String> values = new LinkedHashMap<>(
				Map.of("holdfast.store.bucket", "contract", "holdfast.store.endpoint", endpoint.toString(),
						"holdfast.store.access-key", "test", "holdfast.store.secret-key", "test",
						"holdfast.store.multipart-threshold", "6MB", "holdfast.store.part-size", "5MB",
						"holdfast.store.create-bucket", "true", "holdfast.store.socket-timeout", "20s"));
		values.putAll(more);
		return bind(values);
	}

	/**
	 * Properties as the configuration would bind them.
	 */
	public static StoreProperties bind(Map<String, String> values) {
		return new Binder(new MapConfigurationPropertySource(values)).bind("holdfast.store", StoreProperties.class)
			.get();
	}

	/**
	 * Puts bytes over an object as some other program would.
	 * @param keepMetadata whether it copies what Holdfast wrote beside it
	 */
	public static void overwrite(URI endpoint, String bucket, String key, byte[] bytes, boolean keepMetadata) {
		try (S3Client client = S3Clients.create(properties(endpoint, Map.of("holdfast.store.bucket", bucket)))) {
			HeadObjectResponse present = client.headObject((head) -> head.bucket(bucket).key(key));
			client.putObject((put) -> put.bucket(bucket)
				.key(key)
				.checksumSHA256(Digest.of(bytes).base64())
				.metadata(keepMetadata ? present.metadata() : Map.of()), RequestBody.fromBytes(bytes));
		}
	}

}
