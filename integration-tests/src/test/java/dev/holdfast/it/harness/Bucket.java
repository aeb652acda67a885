package dev.holdfast.it.harness;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

import dev.holdfast.model.Digest;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.ObjectVersion;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * The bucket, as anyone with the credentials sees it. Speaks to the endpoint itself and
 * not through whatever a test has put between it and Holdfast.
 */
public final class Bucket implements AutoCloseable {

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private final S3Client client;

	private final String name;

	/**
	 * A bucket at an endpoint.
	 */
	public Bucket(URI endpoint, String region, String name, String accessKey, String secretKey) {
		this.name = name;
		this.client = S3Client.builder()
			.endpointOverride(endpoint)
			.region(Region.of(region))
			.forcePathStyle(true)
			.credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create(accessKey, secretKey)))
			.overrideConfiguration((configuration) -> configuration.apiCallTimeout(PATIENCE))
			.httpClient(Apache5HttpClient.builder().maxConnections(64).build())
			.build();
	}

	/**
	 * Creates it where it is not there yet.
	 * @param versioned whether it keeps versions
	 */
	public void create(boolean versioned) {
		if (!exists()) {
			this.client.createBucket((request) -> request.bucket(this.name));
			if (versioned) {
				this.client.putBucketVersioning((request) -> request.bucket(this.name)
					.versioningConfiguration((versioning) -> versioning.status(BucketVersioningStatus.ENABLED)));
			}
		}
	}

	private boolean exists() {
		try {
			this.client.headBucket((request) -> request.bucket(this.name));
			return true;
		}
		catch (S3Exception ex) {
			if (ex.statusCode() == 404) {
				return false;
			}
			throw ex;
		}
	}

	/**
	 * What an object tells caches, empty where it says nothing.
	 */
	public Optional<String> cacheControl(String key) {
		return Optional.ofNullable(this.client.headObject((head) -> head.bucket(this.name).key(key)).cacheControl());
	}

	/**
	 * The bytes of the latest version, empty where there is none or it is deleted.
	 */
	public Optional<byte[]> bytes(String key) {
		try {
			ResponseBytes<GetObjectResponse> object = this.client
				.getObjectAsBytes((request) -> request.bucket(this.name).key(key));
			return Optional.of(object.asByteArray());
		}
		catch (S3Exception ex) {
			if (ex.statusCode() == 404) {
				return Optional.empty();
			}
			throw ex;
		}
	}

	/**
	 * The digest of an object's bytes, computed from the bytes themselves and not from
	 * what the store says of them.
	 * @param version the version of the object, {@code null} for the latest
	 */
	public Optional<Digest> digest(String key, @Nullable String version) {
		try (InputStream object = this.client
			.getObject((request) -> request.bucket(this.name).key(key).versionId(version))) {
			return Optional.of(Digest.of(object));
		}
		catch (S3Exception ex) {
			if (ex.statusCode() == 404 || ex.statusCode() == 405) {
				return Optional.empty();
			}
			throw ex;
		}
		catch (IOException ex) {
			throw new UncheckedIOException("Could not read object " + key, ex);
		}
	}

	/**
	 * The digest of the latest version.
	 */
	public Optional<Digest> digest(String key) {
		return digest(key, null);
	}

	/**
	 * The keys of all objects that are not deleted.
	 */
	public List<String> keys() {
		return this.client.listObjectsV2Paginator((request) -> request.bucket(this.name))
			.contents()
			.stream()
			.map(S3Object::key)
			.toList();
	}

	/**
	 * How many versions of an object the bucket keeps, delete markers not counted.
	 */
	public int versions(String key) {
		return this.client.listObjectVersions((request) -> request.bucket(this.name).prefix(key))
			.versions()
			.stream()
			.filter((version) -> version.key().equals(key))
			.map(ObjectVersion::versionId)
			.collect(Collectors.toSet())
			.size();
	}

	/**
	 * The digests of all versions of an object that the bucket keeps.
	 */
	public List<Digest> digests(String key) {
		return this.client.listObjectVersions((request) -> request.bucket(this.name).prefix(key))
			.versions()
			.stream()
			.filter((version) -> version.key().equals(key))
			.flatMap((version) -> digest(key, version.versionId()).stream())
			.toList();
	}

	/**
	 * How many multipart uploads nobody has finished.
	 */
	public int unfinishedUploads() {
		return this.client.listMultipartUploads((request) -> request.bucket(this.name)).uploads().size();
	}

	/**
	 * Puts an object, as a foreign program would.
	 */
	public void put(String key, byte[] content) {
		this.client.putObject((request) -> request.bucket(this.name).key(key), RequestBody.fromBytes(content));
	}

	/**
	 * Removes all objects with all their versions, as somebody who empties a bucket does.
	 */
	public void empty() {
		this.client.listObjectVersionsPaginator((request) -> request.bucket(this.name)).stream().forEach((page) -> {
			page.versions().forEach((version) -> remove(version.key(), version.versionId()));
			page.deleteMarkers().forEach((marker) -> remove(marker.key(), marker.versionId()));
		});
	}

	private void remove(String key, String version) {
		this.client.deleteObject((request) -> request.bucket(this.name).key(key).versionId(version));
	}

	@Override
	public void close() {
		this.client.close();
	}

}
