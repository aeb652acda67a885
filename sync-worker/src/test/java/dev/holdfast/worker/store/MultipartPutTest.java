package dev.holdfast.worker.store;

import java.io.IOException;
import java.net.URI;
import java.time.Instant;
import java.util.Map;

import dev.holdfast.model.Digest;
import dev.holdfast.model.Version;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.AbortMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.AbortMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadResponse;

import static org.assertj.core.api.Assertions.assertThat;

class MultipartPutTest {

	@Test
	void readingALargeFileLeavesASmallOneItsTurn() throws Exception {
		assertThat(CrowdedCores.leaveASmallOneItsTurn((content) -> put(() -> content).run()))
			.allSatisfy((put) -> assertThat(put.exceptionNow()).isInstanceOf(IOException.class).hasMessage("gone"));
	}

	/** So large that its first part has no end, either. */
	private static MultipartPut put(ContentSource content) {
		StoreProperties properties = TestStores.properties(URI.create("http://127.0.0.1:1"), Map.of());
		Digest digest = Digest.of(new byte[0]);
		PutRequest request = new PutRequest("media/large", Long.MAX_VALUE, digest, "text/plain",
				new ReplicaMetadata(Version.NONE.next(), digest, Instant.EPOCH, null, null), new PutCondition.Absent());
		return new MultipartPut(new Begun(), properties, request, content, (_) -> {
		});
	}

	/** A store that begins uploads and aborts them. */
	private static final class Begun implements S3Client {

		@Override
		public CreateMultipartUploadResponse createMultipartUpload(CreateMultipartUploadRequest request) {
			return CreateMultipartUploadResponse.builder().uploadId("1").build();
		}

		@Override
		public AbortMultipartUploadResponse abortMultipartUpload(AbortMultipartUploadRequest request) {
			return AbortMultipartUploadResponse.builder().build();
		}

		@Override
		public String serviceName() {
			return SERVICE_NAME;
		}

		@Override
		public void close() {
			// Nothing is open.
		}

	}

}
