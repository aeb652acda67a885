package dev.holdfast.worker.store;

import java.io.IOException;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

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

	/**
	 * As many files are read for their checksums as there are cores, and none ends before
	 * the small one has had its turn: without a pause it never would.
	 */
	@Test
	void readingALargeFileLeavesASmallOneItsTurn() throws Exception {
		int cores = Runtime.getRuntime().availableProcessors();
		AtomicBoolean over = new AtomicBoolean();
		CountDownLatch reading = new CountDownLatch(cores);
		CountDownLatch small = new CountDownLatch(1);
		List<Future<?>> puts = new ArrayList<>();
		try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
			for (int i = 0; i < cores; i++) {
				MultipartPut put = put(() -> new EndlessContent(() -> {
					reading.countDown();
					return over.get();
				}));
				puts.add(threads.submit(put::run));
			}
			try {
				assertThat(reading.await(1, TimeUnit.MINUTES)).as("all are under way").isTrue();
				threads.execute(small::countDown);
				assertThat(small.await(1, TimeUnit.MINUTES)).as("the small one had its turn").isTrue();
			}
			finally {
				over.set(true);
			}
		}
		assertThat(puts).hasSize(cores)
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
