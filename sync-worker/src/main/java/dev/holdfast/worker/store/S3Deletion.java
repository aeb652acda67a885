package dev.holdfast.worker.store;

import java.util.Optional;

import dev.holdfast.worker.store.StoreException.Kind;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CopyObjectRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.MetadataDirective;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * Deletes and copies objects. A store that has conditions sees to it that it is the one
 * that was looked at in the very moment.
 */
final class S3Deletion {

	private static final Logger LOG = LoggerFactory.getLogger(S3Deletion.class);

	/** The store's own word, so that nobody in between can say it. */
	private static final String NOT_IMPLEMENTED = "NotImplemented";

	private final StoreProperties properties;

	private final S3Client client;

	private volatile boolean conditional;

	S3Deletion(StoreProperties properties, S3Client client) {
		this.properties = properties;
		this.client = client;
		this.conditional = properties.conditionalWrites();
	}

	DeleteObjectResponse delete(String operation, StoredObject seen) throws StoreException, InterruptedException {
		if (this.conditional) {
			Optional<DeleteObjectResponse> deleted = S3Call.calling(operation, seen.key(), () -> deleteIfSame(seen));
			if (deleted.isPresent()) {
				return deleted.get();
			}
			this.conditional = false;
			LOG.atWarn()
				.addKeyValue("bucket", this.properties.bucket())
				.log("The store knows no conditional deletes: objects are looked at right before they are deleted;"
						+ " only a bucket with versions makes that safe");
			requireSame(operation, seen);
		}
		return S3Call.calling(operation, seen.key(),
				() -> this.client.deleteObject((delete) -> delete.bucket(this.properties.bucket()).key(seen.key())));
	}

	/**
	 * Empty where the store does not know the condition: S3 itself has had it for deletes
	 * only since 2025, a year later than for puts.
	 */
	private Optional<DeleteObjectResponse> deleteIfSame(StoredObject seen) {
		try {
			return Optional.of(this.client.deleteObject((delete) -> delete.bucket(this.properties.bucket())
				.key(seen.key())
				.ifMatch(S3Call.quoted(seen.etag()))));
		}
		catch (S3Exception ex) {
			AwsErrorDetails said = ex.awsErrorDetails();
			if (ex.statusCode() == 501 && said != null && NOT_IMPLEMENTED.equals(said.errorCode())) {
				return Optional.empty();
			}
			throw ex;
		}
	}

	/**
	 * Copies within the bucket, which the store does by itself.
	 */
	void copy(StoredObject seen, String to, TrashNote note) throws StoreException, InterruptedException {
		ReplicaMetadata metadata = seen.metadata();
		if (metadata == null) {
			throw new StoreException(Kind.PERMANENT, "trash", seen.key(), "the object is not Holdfast's", "", null);
		}
		if (seen.size() > StoreProperties.LARGEST_PUT.toBytes()) {
			throw new StoreException(Kind.PERMANENT, "trash", seen.key(),
					"S3 copies no object of more than 5 GB at once, so it stays where it is",
					"switch the bucket's versioning on, where nothing is copied", null);
		}
		HeadObjectResponse original = requireSame("trash", seen);
		CopyObjectRequest.Builder request = CopyObjectRequest.builder()
			.sourceBucket(this.properties.bucket())
			.sourceKey(seen.key())
			.copySourceIfMatch(S3Call.quoted(seen.etag()))
			.destinationBucket(this.properties.bucket())
			.destinationKey(to)
			.metadataDirective(MetadataDirective.REPLACE)
			.contentType(original.contentType())
			.metadata(S3Metadata.encode(metadata, note));
		this.properties.parameters().applyTo(request);
		S3Call.calling("trash", seen.key(), () -> this.client.copyObject(request.build()));
		Optional<Trashed> copy = trashed(to);
		if (copy.isEmpty() || copy.get().object().size() != seen.size() || !copy.get().note().equals(note)) {
			throw new StoreException(Kind.TRANSIENT, "trash", seen.key(),
					"the store made no whole copy at '" + to + "'", "", null);
		}
	}

	Optional<Trashed> trashed(String key) throws StoreException, InterruptedException {
		HeadObjectResponse found = head("look at", key);
		if (found == null) {
			return Optional.empty();
		}
		ReplicaMetadata metadata = S3Metadata.decode(found.metadata());
		TrashNote note = S3Metadata.decodeNote(found.metadata());
		return (metadata == null || note == null) ? Optional.empty() : Optional.of(new Trashed(new StoredObject(key,
				found.contentLength(), S3Call.unquoted(found.eTag()), found.versionId(), metadata), note));
	}

	private HeadObjectResponse requireSame(String operation, StoredObject seen)
			throws StoreException, InterruptedException {
		HeadObjectResponse now = head(operation, seen.key());
		if (now == null || !S3Call.unquoted(now.eTag()).equals(seen.etag())) {
			throw new StoreException(Kind.CONFLICT, operation, seen.key(), "it is another object by now", "", null);
		}
		return now;
	}

	private @Nullable HeadObjectResponse head(String operation, String key)
			throws StoreException, InterruptedException {
		try {
			return S3Call.calling(operation, key,
					() -> this.client.headObject((head) -> head.bucket(this.properties.bucket()).key(key)));
		}
		catch (StoreException ex) {
			if (ex.kind() == Kind.NOT_FOUND) {
				return null;
			}
			throw ex;
		}
	}

}
