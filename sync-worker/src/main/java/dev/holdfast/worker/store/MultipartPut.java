package dev.holdfast.worker.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.zip.CRC32;

import dev.holdfast.model.Digest;
import dev.holdfast.worker.store.StoreException.Kind;
import io.github.resilience4j.core.IntervalFunction;
import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryConfig;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.ChecksumType;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.UploadPartRequest;
import software.amazon.awssdk.services.s3.model.UploadPartResponse;

/**
 * One put in parts. The content is read once from its first byte to its last, which gives
 * the SHA-256 of the whole, the CRC32 of each part and of the whole. As soon as a part's
 * CRC32 is known it is sent, read again from the source and never held in memory, under
 * that CRC32, so that the store refuses other bytes. Only when all bytes have been read
 * and have the digest asked for is the upload completed; before that nobody sees an
 * object. So the bytes that were hashed are the bytes that were sent, and a content that
 * changes meanwhile ends as {@code REFUSED_BYTES}.
 */
final class MultipartPut {

	private static final int MAX_PARTS = 10_000;

	private static final int BUFFER_BYTES = 256 * 1024;

	private static final long MEBIBYTE = 1024 * 1024;

	private static final Duration ABORT_WITHIN = Duration.ofSeconds(10);

	/** The one place in the adapter that retries: a single part of many. */
	private static final RetryConfig PART_RETRY = RetryConfig.custom()
		.maxAttempts(3)
		.intervalFunction(IntervalFunction.ofExponentialRandomBackoff(Duration.ofMillis(200), 2, 0.5))
		.retryOnException((failure) -> failure instanceof StoreException ex
				&& (ex.kind() == Kind.TRANSIENT || ex.kind() == Kind.THROTTLED))
		.build();

	private final S3Client client;

	private final StoreProperties properties;

	private final ObjectParameters parameters;

	private final PutRequest request;

	private final ContentSource content;

	private final BeforeCompletion before;

	private final long partSize;

	private final boolean storeChecks;

	/** What has to be in order in the last moment. */
	@FunctionalInterface
	interface BeforeCompletion {

		/**
		 * All parts are there, and the upload is about to be completed.
		 * @throws StoreException where it must not be
		 */
		void check(String uploadId) throws StoreException, InterruptedException;

	}

	MultipartPut(S3Client client, StoreProperties properties, PutRequest request, ContentSource content,
			BeforeCompletion before) {
		this.client = client;
		this.properties = properties;
		this.parameters = properties.parameters();
		this.request = request;
		this.content = content;
		this.before = before;
		this.partSize = partSize(request.size(), properties.partSize().toBytes());
		this.storeChecks = properties.checksums() == StoreProperties.Checksums.SHA256;
	}

	/**
	 * The size of a part: as wished, or so many whole mebibytes that 10,000 parts will
	 * do.
	 */
	static long partSize(long size, long wished) {
		long least = Math.ceilDiv(size, MAX_PARTS);
		return (least <= wished) ? wished : Math.ceilDiv(least, MEBIBYTE) * MEBIBYTE;
	}

	/** The parts as sent, and the CRC32 of the whole. */
	private record Sent(List<CompletedPart> parts, long crc) {

	}

	PutAnswer run() throws StoreException, IOException, InterruptedException {
		String uploadId = create();
		try {
			Sent sent = sendParts(uploadId);
			this.before.check(uploadId);
			CompleteMultipartUploadResponse response = complete(uploadId, sent);
			return new PutAnswer(S3Call.unquoted(Objects.requireNonNullElse(response.eTag(), "")), response.versionId(),
					this.storeChecks ? base64(sent.crc()) : null, response.checksumCRC32());
		}
		catch (StoreException | IOException | InterruptedException | RuntimeException ex) {
			// Clears the thread's mark, too, so that the upload can still be aborted.
			boolean interrupted = S3Errors.interrupted(ex);
			abort(uploadId, ex);
			if (interrupted) {
				throw new InterruptedException("put");
			}
			throw ex;
		}
	}

	private String create() throws StoreException, InterruptedException {
		CreateMultipartUploadRequest.Builder create = CreateMultipartUploadRequest.builder()
			.bucket(this.properties.bucket())
			.key(this.request.key())
			.contentType(this.request.contentType())
			.metadata(S3Metadata.encode(this.request.metadata()));
		this.parameters.applyTo(create);
		if (this.storeChecks) {
			create.checksumAlgorithm(ChecksumAlgorithm.CRC32).checksumType(ChecksumType.FULL_OBJECT);
		}
		return S3Call.calling("put", this.request.key(), () -> this.client.createMultipartUpload(create.build()))
			.uploadId();
	}

	private Sent sendParts(String uploadId) throws StoreException, IOException, InterruptedException {
		Semaphore ahead = new Semaphore(this.properties.partConcurrency());
		List<Future<CompletedPart>> parts = new ArrayList<>();
		MessageDigest sha256 = Digest.newSha256();
		CRC32 whole = new CRC32();
		ExecutorService senders = Executors.newVirtualThreadPerTaskExecutor();
		try (SeekableByteChannel channel = this.content.open()) {
			// Nothing, too, is sent as a part: the last may be as small as that.
			long parted = Math.max(this.request.size(), 1);
			for (long offset = 0; offset < parted && !anyFailed(parts); offset += this.partSize) {
				ahead.acquire();
				long from = offset;
				long length = Math.min(this.partSize, this.request.size() - offset);
				long crc = read(channel, length, sha256, whole);
				int number = parts.size() + 1;
				parts.add(senders.submit(() -> {
					try {
						return sendPart(uploadId, number, from, length, crc);
					}
					finally {
						ahead.release();
					}
				}));
			}
			List<CompletedPart> completed = new ArrayList<>();
			for (Future<CompletedPart> part : parts) {
				completed.add(part.get());
			}
			Digest digest = Digest.ofSha256(sha256.digest());
			if (!digest.equals(this.request.digest())) {
				throw S3Call.refused(this.request.key(),
						"the content has the digest " + digest + ", not " + this.request.digest(), null);
			}
			return new Sent(completed, whole.getValue());
		}
		catch (ExecutionException ex) {
			throw failureOfPart(ex);
		}
		finally {
			senders.shutdownNow();
			senders.close();
		}
	}

	private static boolean anyFailed(List<Future<CompletedPart>> parts) {
		return parts.stream().anyMatch((part) -> part.state() == Future.State.FAILED);
	}

	private static StoreException failureOfPart(ExecutionException failure)
			throws StoreException, IOException, InterruptedException {
		switch (failure.getCause()) {
			case StoreException ex -> throw ex;
			case IOException ex -> throw ex;
			case InterruptedException ex -> throw ex;
			case null, default -> throw new IllegalStateException("A part could not be sent", failure.getCause());
		}
	}

	/** Reads a part for its checksums; returns its CRC32. */
	private long read(SeekableByteChannel channel, long length, MessageDigest sha256, CRC32 whole)
			throws StoreException, IOException {
		CRC32 part = new CRC32();
		Turn turn = new Turn();
		ByteBuffer buffer = ByteBuffer.allocateDirect(Math.clamp(length, 1, BUFFER_BYTES));
		for (long left = length; left > 0; left -= buffer.limit()) {
			if (channel.read(buffer.clear().limit((int) Math.min(left, buffer.capacity()))) < 0) {
				throw S3Call.refused(this.request.key(),
						"the content ends before its " + this.request.size() + " bytes", null);
			}
			part.update(buffer.flip());
			whole.update(buffer.rewind());
			sha256.update(buffer.rewind());
			turn.took(buffer.limit());
		}
		return part.getValue();
	}

	private CompletedPart sendPart(String uploadId, int number, long offset, long length, long crc) throws Exception {
		return Retry.of("part", PART_RETRY).executeCallable(() -> sendPartOnce(uploadId, number, offset, length, crc));
	}

	private CompletedPart sendPartOnce(String uploadId, int number, long offset, long length, long crc)
			throws StoreException, IOException, InterruptedException {
		UploadPartRequest.Builder part = UploadPartRequest.builder()
			.bucket(this.properties.bucket())
			.key(this.request.key())
			.uploadId(uploadId)
			.partNumber(number)
			.contentLength(length)
			.overrideConfiguration((call) -> call.apiCallTimeout(this.properties.putTimeout(length)));
		String checksum = this.storeChecks ? base64(crc) : null;
		if (checksum != null) {
			part.checksumCRC32(checksum);
		}
		try (Body body = new Body(this.content, offset, length, () -> Checks.crc32(crc))) {
			UploadPartResponse response = S3Call.sending("put", this.request.key(), body, () -> this.client
				.uploadPart(part.build(), RequestBody.fromContentProvider(body, length, this.request.contentType())));
			CompletedPart.Builder sent = CompletedPart.builder().partNumber(number).eTag(response.eTag());
			if (checksum != null) {
				sent.checksumCRC32(checksum);
			}
			return sent.build();
		}
	}

	private CompleteMultipartUploadResponse complete(String uploadId, Sent sent)
			throws StoreException, InterruptedException {
		CompleteMultipartUploadRequest.Builder complete = CompleteMultipartUploadRequest.builder()
			.bucket(this.properties.bucket())
			.key(this.request.key())
			.uploadId(uploadId)
			.multipartUpload((parts) -> parts.parts(sent.parts()));
		if (this.storeChecks) {
			complete.checksumCRC32(base64(sent.crc())).checksumType(ChecksumType.FULL_OBJECT);
		}
		if (this.properties.conditionalWrites()) {
			switch (this.request.condition()) {
				case PutCondition.Absent() -> complete.ifNoneMatch("*");
				case PutCondition.Replaces(StoredObject seen) -> complete.ifMatch(S3Call.quoted(seen.etag()));
			}
		}
		return S3Call.calling("put", this.request.key(), () -> this.client.completeMultipartUpload(complete.build()));
	}

	/**
	 * Gives the parts' space back. Where that fails, too, the put has failed for its own
	 * reason, and {@link ObjectStore#abortStaleUploads} does it later.
	 */
	private void abort(String uploadId, Exception reason) {
		try {
			S3Call.calling("abort upload", this.request.key(),
					() -> this.client.abortMultipartUpload((abort) -> abort.bucket(this.properties.bucket())
						.key(this.request.key())
						.uploadId(uploadId)
						.overrideConfiguration((call) -> call.apiCallTimeout(ABORT_WITHIN))));
		}
		catch (StoreException ex) {
			reason.addSuppressed(ex);
		}
		catch (InterruptedException ex) {
			reason.addSuppressed(ex);
			Thread.currentThread().interrupt();
		}
	}

	private static String base64(long crc) {
		return Base64.getEncoder().encodeToString(ByteBuffer.allocate(Integer.BYTES).putInt((int) crc).array());
	}

}
