package dev.holdfast.s3endpoint;

import java.util.UUID;

import com.adobe.testing.s3mock.s3.model.BucketMetadata;
import com.adobe.testing.s3mock.s3.model.S3ObjectMetadata;
import com.adobe.testing.s3mock.s3.store.BucketStore;
import com.adobe.testing.s3mock.s3.store.ObjectStore;

/**
 * Tells which objects a delete marker hides.
 */
final class DeleteMarkers {

	private final BucketStore buckets;

	private final ObjectStore objects;

	DeleteMarkers(BucketStore buckets, ObjectStore objects) {
		this.buckets = buckets;
		this.objects = objects;
	}

	/**
	 * Whether the latest version of a key is a delete marker.
	 */
	boolean hides(String bucketName, String key) {
		if (!this.buckets.doesBucketExist(bucketName)) {
			return false;
		}
		BucketMetadata bucket = this.buckets.getBucketMetadata(bucketName);
		UUID id = bucket.getID(key);
		S3ObjectMetadata latest = (id == null) ? null : this.objects.getS3ObjectMetadata(bucket, id, null);
		return latest != null && latest.getDeleteMarker();
	}

}
