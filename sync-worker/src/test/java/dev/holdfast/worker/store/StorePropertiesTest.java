package dev.holdfast.worker.store;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.ServerSideEncryption;
import software.amazon.awssdk.services.s3.model.StorageClass;

import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class StorePropertiesTest {

	private static StoreProperties bind(Map<String, String> more) {
		Map<String, String> values = new HashMap<>(Map.of("holdfast.store.bucket", "media"));
		more.forEach((name, value) -> values.put("holdfast.store." + name, value));
		return TestStores.bind(values);
	}

	private static String refusal(Map<String, String> more) {
		BindException[] thrown = new BindException[1];
		assertThatExceptionOfType(BindException.class).isThrownBy(() -> bind(more)).satisfies((ex) -> thrown[0] = ex);
		Throwable root = thrown[0];
		StringBuilder all = new StringBuilder();
		for (Throwable cause = root; cause != null; cause = cause.getCause()) {
			all.append(cause.getMessage()).append('\n');
		}
		return all.toString();
	}

	@Test
	void thereIsADefaultForAllButTheBucket() {
		StoreProperties properties = bind(Map.of());
		assertThat(properties.name()).isEqualTo("primary");
		assertThat(properties.endpoint()).isNull();
		assertThat(properties.region()).isEqualTo("us-east-1");
		assertThat(properties.accessKey()).isNull();
		assertThat(properties.usesPathStyle()).isFalse();
		assertThat(properties.keyPrefix()).isEmpty();
		assertThat(properties.sse()).isEqualTo(StoreProperties.Encryption.NONE);
		assertThat(properties.checksums()).isEqualTo(StoreProperties.Checksums.SHA256);
		assertThat(properties.conditionalWrites()).isTrue();
		assertThat(properties.multipartThreshold()).isEqualTo(DataSize.ofMegabytes(32));
		assertThat(properties.partSize()).isEqualTo(DataSize.ofMegabytes(16));
		assertThat(properties.createBucket()).isFalse();
		assertThat(properties.parameters().values()).isEmpty();
		assertThat(refusal(Map.of("bucket", ""))).contains("AWS_STORAGE_BUCKET_NAME", "holdfast.store.bucket");
		assertThat(refusal(Map.of("bucket", "My_Bucket"))).contains("holdfast.store.bucket must be the name");
	}

	@Test
	void emptyMeansAbsent() {
		StoreProperties properties = bind(Map.of("endpoint", "", "access-key", "", "secret-key", "", "cache-control",
				"", "object-parameters", "", "storage-class", "", "kms-key-id", ""));
		assertThat(properties.endpoint()).isNull();
		assertThat(properties.accessKey()).isNull();
		assertThat(properties.parameters().values()).isEmpty();
	}

	@Test
	void theBucketGoesIntoThePathExactlyWhereAnEndpointIsSet() {
		assertThat(bind(Map.of("endpoint", "http://localhost:9000")).usesPathStyle()).isTrue();
		assertThat(bind(Map.of("endpoint", "https://s3.example", "path-style", "false")).usesPathStyle()).isFalse();
	}

	@Test
	void whatEveryReplicaIsGivenAlongGoesIntoBothKindsOfPut() {
		ObjectParameters parameters = bind(Map.of("object-parameters",
				"{\"CacheControl\": \"max-age=1\", \"ContentDisposition\": \"inline\", \"BucketKeyEnabled\": true}",
				"cache-control", "max-age=86400", "storage-class", "STANDARD_IA", "sse", "kms", "kms-key-id",
				"the-key"))
			.parameters();
		PutObjectRequest.Builder put = PutObjectRequest.builder();
		parameters.applyTo(put);
		assertThat(put.build()).satisfies((request) -> {
			assertThat(request.cacheControl()).as("the property of its own wins").isEqualTo("max-age=86400");
			assertThat(request.contentDisposition()).isEqualTo("inline");
			assertThat(request.bucketKeyEnabled()).isTrue();
			assertThat(request.storageClass()).isEqualTo(StorageClass.STANDARD_IA);
			assertThat(request.serverSideEncryption()).isEqualTo(ServerSideEncryption.AWS_KMS);
			assertThat(request.ssekmsKeyId()).isEqualTo("the-key");
		});
		CreateMultipartUploadRequest.Builder create = CreateMultipartUploadRequest.builder();
		parameters.applyTo(create);
		assertThat(create.build()).satisfies((request) -> {
			assertThat(request.cacheControl()).isEqualTo("max-age=86400");
			assertThat(request.contentDisposition()).isEqualTo("inline");
			assertThat(request.storageClass()).isEqualTo(StorageClass.STANDARD_IA);
			assertThat(request.serverSideEncryption()).isEqualTo(ServerSideEncryption.AWS_KMS);
			assertThat(request.ssekmsKeyId()).isEqualTo("the-key");
		});
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = { "access-key | AKIA | holdfast.store.secret-key go together",
			"endpoint | s3.local | http or https",
			"endpoint | http://user:pass@s3.local | must not contain credentials",
			"kms-key-id | key | holdfast.store.sse is none", "part-size | 4MB | from 5MB to 5GB",
			"key-prefix | /media | Key prefix '/media'", "name | Primary! | Store name",
			"object-parameters | {\"CacheControl\" | is not JSON", "object-parameters | [] | must be a JSON object",
			"object-parameters | {\"cacheControl\": \"x\"} | which Holdfast does not know; it knows [ACL,",
			"max-connections | 4 | more than holdfast.store.part-concurrency", "socket-timeout | 0s | more than 0" })
	void whatContradictsItselfStopsTheStart(String name, String value, String expected) {
		assertThat(refusal(Map.of(name, value))).contains(expected);
	}

	@Test
	void secretsAreNotTold() {
		String secret = "wJalrXUtnFEMI/K7MDENG";
		assertThat(refusal(Map.of("access-key", "", "secret-key", secret))).doesNotContain(secret);
		assertThat(refusal(Map.of("access-key", "AKIA", "secret-key", secret, "part-size", "1MB")))
			.doesNotContain(secret);
		assertThat(bind(Map.of("access-key", "AKIAEXAMPLE", "secret-key", secret)).toString()).doesNotContain(secret)
			.doesNotContain("AKIAEXAMPLE");
	}

	@Test
	void aPutMayTakeLongerTheLargerItIs() {
		StoreProperties properties = bind(Map.of("slowest-rate", "1MB", "socket-timeout", "10s"));
		assertThat(properties.putTimeout(0)).isEqualTo(Duration.ofSeconds(10));
		assertThat(properties.putTimeout(20 * 1024 * 1024)).isEqualTo(Duration.ofSeconds(30));
	}

	@Test
	void partsGrowWhereTenThousandWouldNotDo() {
		long mebibyte = 1024 * 1024;
		assertThat(MultipartPut.partSize(100 * mebibyte, 16 * mebibyte)).isEqualTo(16 * mebibyte);
		assertThat(MultipartPut.partSize(160_000 * mebibyte, 16 * mebibyte)).isEqualTo(16 * mebibyte);
		assertThat(MultipartPut.partSize(160_000 * mebibyte + 1, 16 * mebibyte)).isEqualTo(17 * mebibyte);
		long fiveTebibytes = 5 * mebibyte * mebibyte;
		assertThat(Math.ceilDiv(fiveTebibytes, MultipartPut.partSize(fiveTebibytes, 16 * mebibyte)))
			.isLessThanOrEqualTo(10_000);
	}

}
