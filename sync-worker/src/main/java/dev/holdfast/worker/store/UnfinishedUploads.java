package dev.holdfast.worker.store;

import java.time.Instant;
import java.util.function.Predicate;

import dev.holdfast.worker.store.StoreException.Kind;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ListMultipartUploadsRequest;
import software.amazon.awssdk.services.s3.model.ListMultipartUploadsResponse;
import software.amazon.awssdk.services.s3.model.MultipartUpload;

/**
 * Ends multipart uploads that are begun and not completed. One that was ended can never
 * be completed any more, by whoever holds it and however late.
 */
final class UnfinishedUploads {

	private final S3Client client;

	private final String bucket;

	UnfinishedUploads(S3Client client, String bucket) {
		this.client = client;
		this.bucket = bucket;
	}

	/**
	 * Ends those that nobody has finished for long.
	 * @param prefix of their keys
	 * @param before only those begun before this
	 * @return how many were ended
	 */
	int endStale(String prefix, Instant before) throws StoreException, InterruptedException {
		return end(prefix, (upload) -> upload.initiated().isBefore(before));
	}

	/**
	 * Ends everybody else's of one key.
	 * @param own the id of the one that goes on, {@code null} for none
	 */
	void endOthers(String key, @Nullable String own) throws StoreException, InterruptedException {
		end(key, (upload) -> upload.key().equals(key) && !upload.uploadId().equals(own));
	}

	private int end(String prefix, Predicate<MultipartUpload> which) throws StoreException, InterruptedException {
		int ended = 0;
		ListMultipartUploadsResponse page = page(prefix, null);
		while (true) {
			for (MultipartUpload upload : page.uploads()) {
				if (which.test(upload) && end(upload)) {
					ended++;
				}
			}
			if (!Boolean.TRUE.equals(page.isTruncated())) {
				return ended;
			}
			page = page(prefix, page);
		}
	}

	private ListMultipartUploadsResponse page(String prefix, @Nullable ListMultipartUploadsResponse previous)
			throws StoreException, InterruptedException {
		ListMultipartUploadsRequest.Builder request = ListMultipartUploadsRequest.builder()
			.bucket(this.bucket)
			.prefix(prefix);
		if (previous != null) {
			request.keyMarker(previous.nextKeyMarker()).uploadIdMarker(previous.nextUploadIdMarker());
		}
		return S3Call.calling("list uploads", null, () -> this.client.listMultipartUploads(request.build()));
	}

	/** Whether it was there to be ended: its owner may have finished it just now. */
	private boolean end(MultipartUpload upload) throws StoreException, InterruptedException {
		try {
			S3Call.calling("abort upload", upload.key(), () -> this.client.abortMultipartUpload(
					(abort) -> abort.bucket(this.bucket).key(upload.key()).uploadId(upload.uploadId())));
			return true;
		}
		catch (StoreException ex) {
			if (ex.kind() == Kind.NOT_FOUND) {
				return false;
			}
			throw ex;
		}
	}

}
