package dev.holdfast.worker.store;

import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

import dev.holdfast.worker.store.StoreException.Kind;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;
import software.amazon.awssdk.services.s3.model.ChecksumMode;
import software.amazon.awssdk.services.s3.model.EncodingType;
import software.amazon.awssdk.services.s3.model.HeadObjectRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;

/**
 * A bucket behind the S3 API.
 */
public final class S3ObjectStore implements ObjectStore {

	/** For how long the bucket's versioning is taken as known. */
	private static final Duration VERSIONING_KNOWN_FOR = Duration.ofMinutes(1);

	private final StoreProperties properties;

	private final ObjectParameters parameters;

	private final S3Client client;

	private final DirectCall direct;

	private final DirectList listing;

	private final ConditionalPut puts;

	private final UnfinishedUploads uploads;

	private final S3Deletion deletion;

	private final Clock clock;

	private volatile @Nullable Versioning versioning;

	/**
	 * Makes the store; does not touch the network.
	 */
	public S3ObjectStore(StoreProperties properties) {
		this(properties, S3Clients.create(properties), Clock.systemUTC());
	}

	S3ObjectStore(StoreProperties properties, S3Client client, Clock clock) {
		this.properties = properties;
		this.parameters = properties.parameters();
		this.client = client;
		this.uploads = new UnfinishedUploads(client, properties.bucket());
		this.direct = new DirectCall(properties, client);
		this.listing = new DirectList(properties, this.direct);
		this.puts = new ConditionalPut(properties, client, this.direct, this.uploads, this::headNow);
		this.deletion = new S3Deletion(properties, client);
		this.clock = clock;
	}

	private record Versioning(boolean enabled, long nanos) {

	}

	@Override
	public StoredObject put(PutRequest request, ContentSource content)
			throws StoreException, IOException, InterruptedException {
		return Interruptible.call(() -> this.puts.put(request, content));
	}

	@Override
	public Optional<StoredObject> head(String key) throws StoreException, InterruptedException {
		return Interruptible.call(() -> headNow(key));
	}

	private Optional<StoredObject> headNow(String key) throws StoreException, InterruptedException {
		HeadObjectRequest.Builder request = HeadObjectRequest.builder().bucket(this.properties.bucket()).key(key);
		if (this.properties.checksums() == StoreProperties.Checksums.SHA256 && !this.parameters.encryptsWithKms()) {
			// With KMS it would take the right to decrypt, which a replicator need not
			// have.
			request.checksumMode(ChecksumMode.ENABLED);
		}
		HeadObjectResponse response;
		try {
			response = S3Call.calling("head", key, () -> this.client.headObject(request.build()));
		}
		catch (StoreException ex) {
			if (ex.kind() == Kind.NOT_FOUND) {
				return Optional.empty();
			}
			throw ex;
		}
		ReplicaMetadata metadata = S3Metadata.decode(response.metadata());
		String checksum = response.checksumSHA256();
		if (metadata != null && checksum != null && !checksum.contains("-")
				&& !checksum.equals(metadata.digest().base64())) {
			// Someone put other bytes with a copy of our metadata: not ours.
			metadata = null;
		}
		return Optional.of(new StoredObject(key, response.contentLength(), S3Call.unquoted(response.eTag()),
				response.versionId(), metadata));
	}

	@Override
	public InputStream get(String key, @Nullable String objectVersion) throws StoreException, InterruptedException {
		return Interruptible.call(() -> S3Call.calling("get", key, () -> this.client
			.getObject((get) -> get.bucket(this.properties.bucket()).key(key).applyMutation((version) -> {
				if (objectVersion != null) {
					version.versionId(objectVersion);
				}
			}))));
	}

	@Override
	public ObjectPage list(String prefix, @Nullable String after) throws StoreException, InterruptedException {
		return Interruptible.call(() -> {
			DirectList.Page page = listNow(prefix, after, null);
			while (page.objects().isEmpty() && !page.last()) {
				// Nothing to go on from by key: all that this page covers is hidden.
				page = listNow(prefix, after, page.next());
			}
			return new ObjectPage(page.objects(), page.last());
		});
	}

	private DirectList.Page listNow(String prefix, @Nullable String after, @Nullable String token)
			throws StoreException, InterruptedException {
		if (this.direct.mayBeUsed()) {
			return this.listing.list(prefix, after, token);
		}
		ListObjectsV2Request request = ListObjectsV2Request.builder()
			.bucket(this.properties.bucket())
			.prefix(prefix)
			.startAfter(after)
			.continuationToken(token)
			.encodingType(EncodingType.URL)
			.build();
		ListObjectsV2Response page = S3Call.calling("list", prefix, () -> this.client.listObjectsV2(request));
		return new DirectList.Page(page.contents()
			.stream()
			.map((object) -> new ObjectPage.Entry(object.key(), object.size(), S3Call.unquoted(object.eTag())))
			.toList(), !Boolean.TRUE.equals(page.isTruncated()), page.nextContinuationToken());
	}

	@Override
	public Optional<String> remove(StoredObject seen) throws StoreException, InterruptedException {
		return Interruptible.call(() -> {
			if (!versionedNow()) {
				throw new StoreException(Kind.PERMANENT, "remove", seen.key(),
						"the bucket is not versioned, the bytes would be gone", "", null);
			}
			// What was to replace this object is not to replace one that comes after it.
			this.uploads.endOthers(seen.key(), null);
			return isStillThere("remove", seen) ? Optional.ofNullable(this.deletion.delete("remove", seen).versionId())
					: Optional.empty();
		});
	}

	@Override
	public void erase(StoredObject seen) throws StoreException, InterruptedException {
		Interruptible.call(() -> {
			if (versionedNow()) {
				throw new StoreException(Kind.PERMANENT, "erase", seen.key(),
						"the bucket is versioned: what was there would stay as an older version", "", null);
			}
			this.uploads.endOthers(seen.key(), null);
			if (isStillThere("erase", seen)) {
				this.deletion.delete("erase", seen);
			}
			return true;
		});
	}

	private boolean isStillThere(String operation, StoredObject seen) throws StoreException, InterruptedException {
		Optional<StoredObject> present = headNow(seen.key());
		if (present.isPresent() && !present.get().isStill(seen)) {
			throw new StoreException(Kind.CONFLICT, operation, seen.key(), "it is another object by now", "", null);
		}
		return present.isPresent();
	}

	@Override
	public void copyToTrash(StoredObject seen, String to, TrashNote note) throws StoreException, InterruptedException {
		Interruptible.call(() -> {
			this.deletion.copy(seen, to, note);
			return true;
		});
	}

	@Override
	public Optional<Trashed> trashed(String key) throws StoreException, InterruptedException {
		return Interruptible.call(() -> this.deletion.trashed(key));
	}

	@Override
	public boolean versioned() throws StoreException, InterruptedException {
		return Interruptible.call(this::versionedNow);
	}

	private boolean versionedNow() throws StoreException, InterruptedException {
		Versioning known = this.versioning;
		if (known != null && System.nanoTime() - known.nanos() < VERSIONING_KNOWN_FOR.toNanos()) {
			return known.enabled();
		}
		boolean enabled = S3Call
			.calling("ask for versioning", null,
					() -> this.client.getBucketVersioning((get) -> get.bucket(this.properties.bucket())))
			.status() == BucketVersioningStatus.ENABLED;
		this.versioning = new Versioning(enabled, System.nanoTime());
		return enabled;
	}

	@Override
	public void probe() throws StoreException, InterruptedException {
		Interruptible.call(() -> {
			if (!bucketExists()) {
				createBucket();
			}
			return true;
		});
	}

	/** HEAD has no body, so that some stores' 404 comes without the code NoSuchBucket. */
	private boolean bucketExists() throws StoreException, InterruptedException {
		try {
			S3Call.calling("probe", null,
					() -> this.client.headBucket((head) -> head.bucket(this.properties.bucket())));
			return true;
		}
		catch (StoreException ex) {
			if (ex.kind() == Kind.NOT_FOUND || ex.kind() == Kind.NO_BUCKET) {
				return false;
			}
			throw ex;
		}
	}

	private void createBucket() throws StoreException, InterruptedException {
		if (!this.properties.createBucket()) {
			throw new StoreException(Kind.NO_BUCKET, "probe", null,
					"there is no bucket '" + this.properties.bucket() + "'",
					"create it, correct holdfast.store.bucket, or set holdfast.store.create-bucket=true", null);
		}
		S3Call.calling("create bucket", null,
				() -> this.client.createBucket((create) -> create.bucket(this.properties.bucket())));
		S3Call.calling("switch versioning on", null,
				() -> this.client.putBucketVersioning((put) -> put.bucket(this.properties.bucket())
					.versioningConfiguration((versions) -> versions.status(BucketVersioningStatus.ENABLED))));
		this.versioning = null;
	}

	@Override
	public int abortStaleUploads(Duration olderThan) throws StoreException, InterruptedException {
		return Interruptible
			.call(() -> this.uploads.endStale(this.properties.keyPrefix(), this.clock.instant().minus(olderThan)));
	}

	@Override
	public void close() {
		this.direct.close();
		try {
			this.client.close();
		}
		catch (SdkException ex) {
			throw new IllegalStateException("The S3 client does not close", ex);
		}
	}

}
