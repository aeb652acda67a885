package dev.holdfast.worker.store;

import java.io.IOException;
import java.util.Optional;

import dev.holdfast.worker.store.StoreException.Kind;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Puts where a condition holds, in the way that makes sure of it: what the store itself
 * can check in one request, everything else in parts. RATIONALE, Fencing, says why.
 */
final class ConditionalPut {

	private final StoreProperties properties;

	private final S3Client client;

	private final UnfinishedUploads uploads;

	private final Head head;

	private final WholePut whole;

	/** Looks at an object. */
	@FunctionalInterface
	interface Head {

		Optional<StoredObject> of(String key) throws StoreException, InterruptedException;

	}

	ConditionalPut(StoreProperties properties, S3Client client, DirectCall direct, UnfinishedUploads uploads,
			Head head) {
		this.properties = properties;
		this.client = client;
		this.uploads = uploads;
		this.head = head;
		this.whole = new WholePut(properties, client, direct);
	}

	StoredObject put(PutRequest request, ContentSource content)
			throws StoreException, IOException, InterruptedException {
		try {
			return confirmed(request, send(request, content));
		}
		catch (StoreException ex) {
			throw refusesKey(request.key(), ex);
		}
	}

	private PutAnswer send(PutRequest request, ContentSource content)
			throws StoreException, IOException, InterruptedException {
		if (request.size() >= this.properties.multipartThreshold().toBytes()) {
			// Before much is sent in vain.
			checkCondition(request);
			return sendInParts(request, content);
		}
		return storeChecks(request.condition()) ? this.whole.put(request, content) : sendInParts(request, content);
	}

	/** Whether the store itself can see to it that the condition holds. */
	private boolean storeChecks(PutCondition condition) {
		return this.properties.conditionalWrites() && switch (condition) {
			case PutCondition.Absent() -> true;
			// If-Match lets an older version through where the object has changed and
			// changed back in between.
			case PutCondition.Replaces _ -> false;
		};
	}

	/**
	 * What the store cannot check goes in parts, if only in one, because such a put can
	 * be taken back until it is complete, by anyone. Whoever puts so begins an upload,
	 * ends all others of the key, looks whether the condition still holds, and only then
	 * completes: so of two with the same condition one finds its upload ended, or the
	 * other's object.
	 */
	private PutAnswer sendInParts(PutRequest request, ContentSource content)
			throws StoreException, IOException, InterruptedException {
		return new MultipartPut(this.client, this.properties, request, content, (uploadId) -> {
			if (!storeChecks(request.condition())) {
				this.uploads.endOthers(request.key(), uploadId);
				checkCondition(request);
			}
		}).run();
	}

	private void checkCondition(PutRequest request) throws StoreException, InterruptedException {
		Optional<StoredObject> present = this.head.of(request.key());
		switch (request.condition()) {
			case PutCondition.Absent() -> {
				if (present.isPresent()) {
					throw conflict(request, "there is an object already");
				}
			}
			case PutCondition.Replaces(StoredObject seen) -> {
				if (present.isEmpty() || !present.get().isStill(seen)) {
					throw conflict(request, "the object is no longer the one that was to be replaced");
				}
			}
		}
	}

	/**
	 * That a store says yes is not enough: it shows the checksum of the bytes it has
	 * taken, or it is asked what it has under the key.
	 */
	private StoredObject confirmed(PutRequest request, PutAnswer answer) throws StoreException, InterruptedException {
		if (answer.contradicts()) {
			throw S3Call.refused(request.key(), "the store took the put and answered with the checksum of other bytes",
					null);
		}
		if (answer.proves()) {
			return new StoredObject(request.key(), request.size(), answer.etag(), answer.objectVersion(),
					request.metadata());
		}
		StoredObject present = this.head.of(request.key())
			.orElseThrow(
					() -> S3Call.refused(request.key(), "the store took the put and then has no such object", null));
		ReplicaMetadata metadata = present.metadata();
		boolean ours = metadata != null && metadata.version().equals(request.metadata().version())
				&& metadata.digest().equals(request.digest()) && present.size() == request.size();
		if (!ours) {
			// Another writer's, which the caller has to look at.
			throw conflict(request, "the store took the put and then has another object under the key");
		}
		return present;
	}

	private static StoreException conflict(PutRequest request, String reason) {
		return new StoreException(Kind.CONFLICT, "put", request.key(), reason, "", null);
	}

	/**
	 * A server that takes no backslash in a URL may drop the connection of a put, but
	 * answers a HEAD: without asking, such a file would be tried for a day.
	 */
	private StoreException refusesKey(String key, StoreException failure) throws InterruptedException {
		if (failure.kind() != Kind.TRANSIENT || key.indexOf('\\') < 0) {
			return failure;
		}
		try {
			this.head.of(key);
			return failure;
		}
		catch (StoreException ex) {
			return (ex.kind() == Kind.PERMANENT) ? new StoreException(Kind.PERMANENT, "put", key,
					"the store takes no key with a backslash", "rename the file", failure) : failure;
		}
	}

}
