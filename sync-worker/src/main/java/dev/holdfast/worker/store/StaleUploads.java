package dev.holdfast.worker.store;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

import dev.holdfast.worker.store.StoreException.Kind;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ListMultipartUploadsRequest;
import software.amazon.awssdk.services.s3.model.ListMultipartUploadsResponse;
import software.amazon.awssdk.services.s3.model.MultipartUpload;

/**
 * Ends multipart uploads that nobody has finished.
 */
final class StaleUploads {

	private final S3Client client;

	private final String bucket;

	private final String prefix;

	private final Clock clock;

	StaleUploads(S3Client client, String bucket, String prefix, Clock clock) {
		this.client = client;
		this.bucket = bucket;
		this.prefix = prefix;
		this.clock = clock;
	}

	/**
	 * Ends those begun longer ago than this.
	 * @return how many were ended
	 */
	int abort(Duration olderThan) throws StoreException, InterruptedException {
		Instant before = this.clock.instant().minus(olderThan);
		int aborted = 0;
		ListMultipartUploadsResponse page = page(null);
		while (true) {
			for (MultipartUpload upload : page.uploads()) {
				if (upload.initiated().isBefore(before) && abort(upload)) {
					aborted++;
				}
			}
			if (!Boolean.TRUE.equals(page.isTruncated())) {
				return aborted;
			}
			page = page(page);
		}
	}

	private ListMultipartUploadsResponse page(@Nullable ListMultipartUploadsResponse previous)
			throws StoreException, InterruptedException {
		ListMultipartUploadsRequest.Builder request = ListMultipartUploadsRequest.builder()
			.bucket(this.bucket)
			.prefix(this.prefix);
		if (previous != null) {
			request.keyMarker(previous.nextKeyMarker()).uploadIdMarker(previous.nextUploadIdMarker());
		}
		return S3Call.calling("list uploads", null, () -> this.client.listMultipartUploads(request.build()));
	}

	/** Whether it was there to be ended: its owner may have finished it just now. */
	private boolean abort(MultipartUpload upload) throws StoreException, InterruptedException {
		try {
			S3Call.calling("abort upload", upload.key(), () -> this.client.abortMultipartUpload(
					(abort) -> abort.bucket(this.bucket).key(upload.key()).uploadId(upload.uploadId())));
			return true;
		}
		catch (StoreException ex) {
			// The code NoSuchUpload is TRANSIENT, as it is for a part.
			if (ex.kind() == Kind.TRANSIENT || ex.kind() == Kind.NOT_FOUND) {
				return false;
			}
			throw ex;
		}
	}

}
