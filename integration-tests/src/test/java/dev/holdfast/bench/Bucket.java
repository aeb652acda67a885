package dev.holdfast.bench;

import java.util.ArrayList;
import java.util.List;

import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.BucketAlreadyOwnedByYouException;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;
import software.amazon.awssdk.services.s3.model.ListObjectVersionsResponse;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;

/**
 * A bucket as someone uses it who has nothing to do with Holdfast.
 */
final class Bucket implements AutoCloseable {

	private static final int CONNECTIONS = 64;

	private final S3Client client;

	private final String name;

	Bucket(S3Server server, String name) {
		this.name = name;
		this.client = S3Client.builder()
			.endpointOverride(server.endpoint())
			.region(Region.of(server.region()))
			.credentialsProvider(StaticCredentialsProvider
				.create(AwsBasicCredentials.create(server.accessKey(), server.secretKey())))
			.forcePathStyle(true)
			.httpClientBuilder(Apache5HttpClient.builder().maxConnections(CONNECTIONS))
			.overrideConfiguration((config) -> config.retryStrategy(DefaultRetryStrategy.doNotRetry()))
			.build();
	}

	String name() {
		return this.name;
	}

	/**
	 * Creates it where it is not there yet, with versions kept, as Holdfast recommends.
	 */
	void create() {
		try {
			this.client.createBucket((request) -> request.bucket(this.name));
		}
		catch (BucketAlreadyOwnedByYouException ex) {
			return;
		}
		this.client.putBucketVersioning((request) -> request.bucket(this.name)
			.versioningConfiguration((config) -> config.status(BucketVersioningStatus.ENABLED)));
	}

	/**
	 * A put and nothing else: what an upload would cost without Holdfast.
	 */
	void put(String key, byte[] content) {
		this.client.putObject((request) -> request.bucket(this.name).key(key).contentType("image/png"),
				RequestBody.fromBytes(content));
	}

	/**
	 * Removes every version of everything below a prefix.
	 */
	void empty(String prefix) {
		while (true) {
			ListObjectVersionsResponse page = this.client
				.listObjectVersions((request) -> request.bucket(this.name).prefix(prefix));
			List<ObjectIdentifier> found = new ArrayList<>();
			page.versions()
				.forEach((each) -> found
					.add(ObjectIdentifier.builder().key(each.key()).versionId(each.versionId()).build()));
			page.deleteMarkers()
				.forEach((each) -> found
					.add(ObjectIdentifier.builder().key(each.key()).versionId(each.versionId()).build()));
			if (found.isEmpty()) {
				return;
			}
			this.client.deleteObjects(
					(request) -> request.bucket(this.name).delete((delete) -> delete.objects(found).quiet(true)));
		}
	}

	@Override
	public void close() {
		this.client.close();
	}

}
