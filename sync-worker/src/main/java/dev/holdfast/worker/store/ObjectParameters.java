package dev.holdfast.worker.store;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;

import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.CopyObjectRequest;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What every object of a store is given along. Named as the S3 API does, and so as
 * django-storages takes it in {@code AWS_S3_OBJECT_PARAMETERS}.
 *
 * @param values by name; only {@link #KNOWN} names
 */
record ObjectParameters(Map<String, String> values) {

	static final String ACL = "ACL";

	static final String CACHE_CONTROL = "CacheControl";

	static final String STORAGE_CLASS = "StorageClass";

	static final String ENCRYPTION = "ServerSideEncryption";

	static final String KMS_KEY = "SSEKMSKeyId";

	private static final String KMS_CONTEXT = "SSEKMSEncryptionContext";

	private static final String BUCKET_KEY = "BucketKeyEnabled";

	private static final String DISPOSITION = "ContentDisposition";

	private static final String LANGUAGE = "ContentLanguage";

	private static final String TAGGING = "Tagging";

	private static final String OWNER = "ExpectedBucketOwner";

	private static final String PAYER = "RequestPayer";

	/** The names that are understood. */
	static final Set<String> KNOWN = Set.of(ACL, CACHE_CONTROL, STORAGE_CLASS, ENCRYPTION, KMS_KEY, KMS_CONTEXT,
			BUCKET_KEY, DISPOSITION, LANGUAGE, TAGGING, OWNER, PAYER);

	private static final Map<String, String> HEADERS = Map.ofEntries(Map.entry(ACL, "x-amz-acl"),
			Map.entry(CACHE_CONTROL, "Cache-Control"), Map.entry(STORAGE_CLASS, "x-amz-storage-class"),
			Map.entry(ENCRYPTION, "x-amz-server-side-encryption"),
			Map.entry(KMS_KEY, "x-amz-server-side-encryption-aws-kms-key-id"),
			Map.entry(KMS_CONTEXT, "x-amz-server-side-encryption-context"),
			Map.entry(BUCKET_KEY, "x-amz-server-side-encryption-bucket-key-enabled"),
			Map.entry(DISPOSITION, "Content-Disposition"), Map.entry(LANGUAGE, "Content-Language"),
			Map.entry(TAGGING, "x-amz-tagging"), Map.entry(OWNER, "x-amz-expected-bucket-owner"),
			Map.entry(PAYER, "x-amz-request-payer"));

	ObjectParameters {
		values = Map.copyOf(values);
	}

	/**
	 * Reads a JSON object.
	 * @throws IllegalArgumentException where it is none, or has a name that is not
	 * understood: better not to start than to write objects without what was asked for
	 */
	static ObjectParameters parse(@Nullable String json) {
		if (json == null) {
			return new ObjectParameters(Map.of());
		}
		JsonNode root;
		try {
			root = JsonMapper.shared().readTree(json);
		}
		catch (JacksonException ex) {
			throw new IllegalArgumentException(
					"holdfast.store.object-parameters (AWS_S3_OBJECT_PARAMETERS) is not JSON: "
							+ ex.getOriginalMessage() + "; write it like {\"CacheControl\": \"max-age=86400\"}",
					ex);
		}
		if (!root.isObject()) {
			throw new IllegalArgumentException("holdfast.store.object-parameters (AWS_S3_OBJECT_PARAMETERS) must be a"
					+ " JSON object, like {\"CacheControl\": \"max-age=86400\"}");
		}
		Map<String, String> values = new TreeMap<>();
		root.properties().forEach((field) -> {
			if (!KNOWN.contains(field.getKey())) {
				throw new IllegalArgumentException("holdfast.store.object-parameters (AWS_S3_OBJECT_PARAMETERS) has '"
						+ field.getKey() + "', which Holdfast does not know; it knows " + new TreeSet<>(KNOWN));
			}
			if (!field.getValue().isValueNode()) {
				throw new IllegalArgumentException("holdfast.store.object-parameters (AWS_S3_OBJECT_PARAMETERS): '"
						+ field.getKey() + "' must be a plain value");
			}
			if (!field.getValue().isNull()) {
				values.put(field.getKey(), field.getValue().asString());
			}
		});
		return new ObjectParameters(values);
	}

	/**
	 * These, with others over them.
	 */
	ObjectParameters with(Map<String, @Nullable String> over) {
		Map<String, String> merged = new TreeMap<>(this.values);
		over.forEach((name, value) -> {
			if (value != null) {
				merged.put(name, value);
			}
		});
		return new ObjectParameters(merged);
	}

	/**
	 * Whether objects are encrypted with a key of KMS, as far as is told here.
	 */
	boolean encryptsWithKms() {
		return this.values.getOrDefault(ENCRYPTION, "").startsWith("aws:kms");
	}

	// NullAway: the SDK's builders take null for "not given", which its signatures do not
	// tell.
	@SuppressWarnings("NullAway")
	void applyTo(PutObjectRequest.Builder request) {
		request.acl(this.values.get(ACL))
			.cacheControl(this.values.get(CACHE_CONTROL))
			.storageClass(this.values.get(STORAGE_CLASS))
			.serverSideEncryption(this.values.get(ENCRYPTION))
			.ssekmsKeyId(this.values.get(KMS_KEY))
			.ssekmsEncryptionContext(this.values.get(KMS_CONTEXT))
			.bucketKeyEnabled(flag(BUCKET_KEY))
			.contentDisposition(this.values.get(DISPOSITION))
			.contentLanguage(this.values.get(LANGUAGE))
			.tagging(this.values.get(TAGGING))
			.expectedBucketOwner(this.values.get(OWNER))
			.requestPayer(this.values.get(PAYER));
	}

	@SuppressWarnings("NullAway") // as above
	void applyTo(CreateMultipartUploadRequest.Builder request) {
		request.acl(this.values.get(ACL))
			.cacheControl(this.values.get(CACHE_CONTROL))
			.storageClass(this.values.get(STORAGE_CLASS))
			.serverSideEncryption(this.values.get(ENCRYPTION))
			.ssekmsKeyId(this.values.get(KMS_KEY))
			.ssekmsEncryptionContext(this.values.get(KMS_CONTEXT))
			.bucketKeyEnabled(flag(BUCKET_KEY))
			.contentDisposition(this.values.get(DISPOSITION))
			.contentLanguage(this.values.get(LANGUAGE))
			.tagging(this.values.get(TAGGING))
			.expectedBucketOwner(this.values.get(OWNER))
			.requestPayer(this.values.get(PAYER));
	}

	/** For a copy, which has its original's tags. */
	@SuppressWarnings("NullAway") // as above
	void applyTo(CopyObjectRequest.Builder request) {
		request.acl(this.values.get(ACL))
			.cacheControl(this.values.get(CACHE_CONTROL))
			.storageClass(this.values.get(STORAGE_CLASS))
			.serverSideEncryption(this.values.get(ENCRYPTION))
			.ssekmsKeyId(this.values.get(KMS_KEY))
			.ssekmsEncryptionContext(this.values.get(KMS_CONTEXT))
			.bucketKeyEnabled(flag(BUCKET_KEY))
			.contentDisposition(this.values.get(DISPOSITION))
			.contentLanguage(this.values.get(LANGUAGE))
			.expectedBucketOwner(this.values.get(OWNER))
			.requestPayer(this.values.get(PAYER));
	}

	/**
	 * The same as headers of a request that puts an object whole.
	 */
	void applyTo(BiConsumer<String, String> header) {
		this.values.forEach((name, value) -> header.accept(HEADERS.getOrDefault(name, name), value));
	}

	private @Nullable Boolean flag(String name) {
		String value = this.values.get(name);
		return (value == null) ? null : Boolean.valueOf(value);
	}

}
