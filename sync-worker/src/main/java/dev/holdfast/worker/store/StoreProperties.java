package dev.holdfast.worker.store;

import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

import dev.holdfast.model.ObjectKeys;
import dev.holdfast.model.StoreName;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * The store that this worker replicates to: which bucket, how to get in, and what every
 * replica is given along. Values that contradict each other stop the start with a message
 * that names the properties.
 *
 * @param name what the store is called in the ledger, in status and in metrics
 * @param bucket the bucket's name
 * @param endpoint where the S3 API is, with its scheme; absent for Amazon's own
 * @param region the bucket's region; stores without regions take any
 * @param accessKey access key id; absent together with the secret key, the default
 * credentials chain of the AWS SDK decides (environment, web identity, profile,
 * container, instance)
 * @param secretKey secret access key
 * @param pathStyle whether the bucket goes into the path of URLs rather than into the
 * host name; by default exactly where an endpoint is set
 * @param keyPrefix put before every object key, for example {@code uploads/}; empty for
 * none
 * @param cacheControl {@code Cache-Control} of every replica
 * @param objectParameters further parameters of every replica, as a JSON object, in the
 * form that django-storages takes as {@code AWS_S3_OBJECT_PARAMETERS}
 * @param storageClass storage class of every replica, for example {@code STANDARD_IA}
 * @param sse server-side encryption asked for: the bucket's default, with keys of S3
 * ({@code s3}) or with keys of KMS ({@code kms})
 * @param kmsKeyId the KMS key; absent, the account's own key for S3 is used
 * @param checksums which checksums go along
 * @param conditionalWrites whether puts are conditional at the store. Switch it off only
 * for a store that cannot: then every file is sent in parts and the worker looks before
 * it completes them, which is several times slower for small files
 * @param multipartThreshold from which size on a file is sent in parts
 * @param partSize the size of a part; grows by itself where a file would need more than
 * 10,000 of them
 * @param partConcurrency how many parts of one file are sent at a time
 * @param maxConnections how many connections to the store there are at most
 * @param connectTimeout how long a connection may take to come about
 * @param socketTimeout how long an answer may take
 * @param slowestRate a put that moves fewer bytes than this in each second, after a grace
 * time of {@code socketTimeout}, is given up and counts as a passing fault
 * @param createBucket whether a missing bucket is created, with versioning switched on
 */
@ConfigurationProperties("holdfast.store")
public record StoreProperties(@DefaultValue("primary") String name, String bucket, @Nullable URI endpoint,
		@DefaultValue("us-east-1") String region, @Nullable String accessKey, @Nullable String secretKey,
		@Nullable Boolean pathStyle, @DefaultValue("") String keyPrefix, @Nullable String cacheControl,
		@Nullable String objectParameters, @Nullable String storageClass, @DefaultValue("none") Encryption sse,
		@Nullable String kmsKeyId, @DefaultValue("sha256") Checksums checksums,
		@DefaultValue("true") boolean conditionalWrites, @DefaultValue("32MB") DataSize multipartThreshold,
		@DefaultValue("16MB") DataSize partSize, @DefaultValue("4") int partConcurrency,
		@DefaultValue("128") int maxConnections, @DefaultValue("5s") Duration connectTimeout,
		@DefaultValue("30s") Duration socketTimeout, @DefaultValue("64KB") DataSize slowestRate,
		@DefaultValue("false") boolean createBucket) {

	/** S3 takes no smaller part, but for the last (Amazon S3 User Guide, "Limits"). */
	static final DataSize SMALLEST_PART = DataSize.ofMegabytes(5);

	/** S3 takes no larger single put and no larger part. */
	static final DataSize LARGEST_PUT = DataSize.ofGigabytes(5);

	/** Server-side encryption of replicas. */
	public enum Encryption {

		/** What the bucket's own default is. */
		NONE,

		/** With keys that S3 keeps (SSE-S3). */
		S3,

		/** With a key of the Key Management Service (SSE-KMS). */
		KMS

	}

	/** Which checksums go along with the bytes. */
	public enum Checksums {

		/**
		 * The SHA-256 of a file, the CRC32 of parts: the store refuses other bytes.
		 */
		SHA256,

		/**
		 * None, for a store that rejects checksum headers. The worker checks the bytes
		 * while it sends them, and holds back the last of them where they are not right.
		 */
		WHEN_REQUIRED

	}

	/**
	 * Checks what is set against what else is set.
	 * @throws IllegalArgumentException where values are missing, out of range or
	 * contradict each other; the message names the properties, and never a secret
	 */
	public StoreProperties {
		new StoreName(name);
		new ObjectKeys(keyPrefix);
		require(bucket != null && !bucket.isBlank(),
				"no bucket is named: set AWS_STORAGE_BUCKET_NAME or holdfast.store.bucket to the one that replicas go to");
		require(bucket.matches("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]"),
				"holdfast.store.bucket must be the name of a bucket, 3 to 63 of a-z, 0-9, '.' and '-'");
		require(endpoint == null || (endpoint.getHost() != null && isHttp(endpoint.getScheme())),
				"holdfast.store.endpoint must be a URL with http or https and a host");
		require(endpoint == null || endpoint.getUserInfo() == null,
				"holdfast.store.endpoint must not contain credentials: use holdfast.store.access-key and .secret-key");
		require(!region.isBlank(), "holdfast.store.region is empty");
		accessKey = emptyToNull(accessKey);
		secretKey = emptyToNull(secretKey);
		require((accessKey == null) == (secretKey == null),
				"holdfast.store.access-key and holdfast.store.secret-key go together: set both, or none to use the AWS default chain");
		cacheControl = emptyToNull(cacheControl);
		storageClass = emptyToNull(storageClass);
		kmsKeyId = emptyToNull(kmsKeyId);
		require(kmsKeyId == null || sse == Encryption.KMS,
				"holdfast.store.kms-key-id is set, but holdfast.store.sse is " + sse.name().toLowerCase(Locale.ROOT)
						+ ": set that to kms");
		objectParameters = emptyToNull(objectParameters);
		ObjectParameters.parse(objectParameters);
		require(partSize.compareTo(SMALLEST_PART) >= 0 && partSize.compareTo(LARGEST_PUT) <= 0,
				"holdfast.store.part-size must be from 5MB to 5GB");
		require(multipartThreshold.toBytes() > 0 && multipartThreshold.compareTo(LARGEST_PUT) <= 0,
				"holdfast.store.multipart-threshold must be more than 0 and at most 5GB");
		require(partConcurrency > 0, "holdfast.store.part-concurrency must be 1 or more");
		require(maxConnections > partConcurrency,
				"holdfast.store.max-connections must be more than holdfast.store.part-concurrency");
		require(connectTimeout.isPositive() && socketTimeout.isPositive(),
				"holdfast.store.connect-timeout and .socket-timeout must be more than 0");
		require(slowestRate.toBytes() > 0, "holdfast.store.slowest-rate must be more than 0");
	}

	/**
	 * The name, as the ledger has it.
	 */
	public StoreName storeName() {
		return new StoreName(this.name);
	}

	/**
	 * Maps media files to keys in this store.
	 */
	public ObjectKeys objectKeys() {
		return new ObjectKeys(this.keyPrefix);
	}

	/**
	 * Whether the bucket goes into the path of URLs.
	 */
	boolean usesPathStyle() {
		return (this.pathStyle != null) ? this.pathStyle : this.endpoint != null;
	}

	/**
	 * What every replica is given along: the JSON object, and over it what has properties
	 * of its own.
	 */
	ObjectParameters parameters() {
		ObjectParameters given = ObjectParameters.parse(this.objectParameters);
		Map<String, @Nullable String> own = new HashMap<>();
		own.put(ObjectParameters.CACHE_CONTROL, this.cacheControl);
		own.put(ObjectParameters.STORAGE_CLASS, this.storageClass);
		own.put(ObjectParameters.ENCRYPTION, switch (this.sse) {
			case NONE -> null;
			case S3 -> "AES256";
			case KMS -> "aws:kms";
		});
		own.put(ObjectParameters.KMS_KEY, this.kmsKeyId);
		return given.with(own);
	}

	/**
	 * How long a put of so many bytes may take.
	 */
	Duration putTimeout(long bytes) {
		return this.socketTimeout.plusSeconds(bytes / this.slowestRate.toBytes());
	}

	/** Without the keys. */
	@Override
	public String toString() {
		return "StoreProperties[name=" + this.name + ", bucket=" + this.bucket + ", endpoint=" + this.endpoint
				+ ", region=" + this.region + ", keyPrefix=" + this.keyPrefix + "]";
	}

	private static boolean isHttp(@Nullable String scheme) {
		return "http".equalsIgnoreCase(scheme) || "https".equalsIgnoreCase(scheme);
	}

	private static @Nullable String emptyToNull(@Nullable String value) {
		return (value == null || value.isBlank()) ? null : value;
	}

	private static void require(boolean holds, String message) {
		if (!holds) {
			throw new IllegalArgumentException(message);
		}
	}

}
