package dev.holdfast.worker.store;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.CRC32;

import dev.holdfast.model.Digest;
import dev.holdfast.worker.store.StoreException.Kind;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ChecksumMode;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What the S3 adapter does besides the contract, against a real endpoint.
 */
abstract class S3ObjectStoreContract extends ObjectStoreContract {

	private static final String BUCKET = "contract";

	private S3ObjectStore store = new S3ObjectStore(TestStores.properties(URI.create("http://localhost:1"), Map.of()));

	private S3Client client = S3Clients.create(TestStores.properties(URI.create("http://localhost:1"), Map.of()));

	/**
	 * The endpoint, with the credentials {@code test} and {@code test}.
	 */
	abstract URI endpoint();

	/**
	 * Properties beside those of the endpoint.
	 */
	Map<String, String> settings() {
		return Map.of();
	}

	@BeforeEach
	void open() throws Exception {
		StoreProperties properties = TestStores.properties(endpoint(), settings());
		close();
		this.store = new S3ObjectStore(properties);
		this.client = S3Clients.create(properties);
		this.store.probe();
	}

	@AfterEach
	void close() {
		this.store.close();
		this.client.close();
	}

	@Override
	final ObjectStore store() {
		return this.store;
	}

	final S3Client client() {
		return this.client;
	}

	final HeadObjectResponse headWithChecksum(String name) {
		return this.client.headObject((head) -> head.bucket(BUCKET).key(key(name)).checksumMode(ChecksumMode.ENABLED));
	}

	final boolean sendsChecksums() {
		return !"when-required".equals(settings().get("holdfast.store.checksums"));
	}

	private boolean putsWhole() {
		return !"false".equals(settings().get("holdfast.store.conditional-writes"));
	}

	@Test
	void theStoreHoldsTheChecksumItChecked() throws Exception {
		byte[] content = bytes(1000, 1);
		put(key("small"), content);
		byte[] large = bytes(LARGE, 2);
		put(key("large"), large);

		if (sendsChecksums()) {
			if (putsWhole()) {
				assertThat(headWithChecksum("small").checksumSHA256()).isEqualTo(Digest.of(content).base64());
			}
			else {
				assertThat(headWithChecksum("small").checksumCRC32()).isEqualTo(crc32(content));
			}
			assertThat(headWithChecksum("large").checksumCRC32()).as("of the whole object").isEqualTo(crc32(large));
		}
		else {
			assertThat(headWithChecksum("small").checksumSHA256()).isNull();
		}
		assertThat(headWithChecksum("large").eTag()).as("made of three parts").endsWith("-3\"");
		assertThat(headWithChecksum("small").contentType()).isEqualTo("image/png");
		assertThat(headWithChecksum("large").contentType()).isEqualTo("image/png");
	}

	@Test
	void contentThatChangesBetweenHashingAndSendingIsRefused() throws Exception {
		byte[] content = bytes(LARGE, 3);
		byte[] changed = content.clone();
		changed[7 * 1024 * 1024] ^= 1;
		AtomicInteger opened = new AtomicInteger();
		ContentSource changing = () -> new BytesContent((opened.getAndIncrement() == 0) ? content : changed).open();
		assertFails(Kind.REFUSED_BYTES,
				() -> store().put(request(key("a"), content, new PutCondition.Absent()), changing));
		assertThat(store().head(key("a"))).isEmpty();
		assertNothingUnfinished();
	}

	/**
	 * Between the last look at what is there and the put that depends on it somebody else
	 * replaces the object, by one with the same bytes.
	 */
	@ParameterizedTest
	@ValueSource(ints = { 10, LARGE })
	void whoIsOvertakenInTheLastMomentIsTooLate(int size) throws Exception {
		byte[] bytes = bytes(size, 5);
		StoredObject first = replace(put(key("a"), bytes(size, 4)), bytes, version(0));
		HeldCompletion held = new HeldCompletion();
		try (S3ObjectStore lateStore = new S3ObjectStore(TestStores.properties(endpoint(), settings()),
				held.of(this.client), Clock.systemUTC());
				ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
			byte[] late = bytes(size, 6);
			Future<StoredObject> completing = threads.submit(() -> lateStore
				.put(request(key("a"), late, new PutCondition.Replaces(first)), new BytesContent(late)));
			held.awaitArrival();
			StoredObject newer = replace(first, bytes, version(2));
			assertThat(newer.isStill(first)).isFalse();
			held.release();
			assertThatExceptionOfType(ExecutionException.class).isThrownBy(completing::get)
				.havingCause()
				.isInstanceOfSatisfying(StoreException.class,
						(ex) -> assertThat(ex.kind()).as(ex.getMessage()).isEqualTo(Kind.CONFLICT));
			assertThat(store().head(key("a"))).hasValue(newer);
			assertThat(read(key("a"), null)).isEqualTo(bytes);
		}
		assertNothingUnfinished();
	}

	@Test
	void whatWasToReplaceADeletedObjectComesTooLate() throws Exception {
		byte[] bytes = bytes(10, 5);
		StoredObject first = put(key("a"), bytes);
		HeldCompletion held = new HeldCompletion();
		try (S3ObjectStore lateStore = new S3ObjectStore(TestStores.properties(endpoint(), settings()),
				held.of(this.client), Clock.systemUTC());
				ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
			byte[] late = bytes(10, 6);
			Future<StoredObject> completing = threads.submit(() -> lateStore
				.put(request(key("a"), late, new PutCondition.Replaces(first)), new BytesContent(late)));
			held.awaitArrival();
			store().remove(first);
			StoredObject newer = put(key("a"), bytes);
			held.release();
			assertThatExceptionOfType(ExecutionException.class).isThrownBy(completing::get);
			assertThat(store().head(key("a"))).hasValue(newer);
		}
	}

	/** Holds up the request that completes an upload. */
	private static final class HeldCompletion {

		private final CountDownLatch arrived = new CountDownLatch(1);

		private final CountDownLatch released = new CountDownLatch(1);

		S3Client of(S3Client target) {
			return (S3Client) Proxy.newProxyInstance(S3Client.class.getClassLoader(), new Class<?>[] { S3Client.class },
					(_, method, arguments) -> {
						if (method.getName().equals("completeMultipartUpload")) {
							this.arrived.countDown();
							this.released.await();
						}
						try {
							return method.getName().equals("close") ? null : method.invoke(target, arguments);
						}
						catch (InvocationTargetException ex) {
							throw ex.getTargetException();
						}
					});
		}

		void awaitArrival() throws InterruptedException {
			this.arrived.await();
		}

		void release() {
			this.released.countDown();
		}

	}

	@Test
	void filesAreReadFromTheFileSystem(@TempDir Path directory) throws Exception {
		Path file = directory.resolve("file");
		byte[] content = bytes(LARGE, 4);
		Files.write(file, content);
		store().put(request(key("a"), content, new PutCondition.Absent()), () -> Files.newByteChannel(file));
		assertThat(read(key("a"), null)).isEqualTo(content);
	}

	@Test
	void onlyStaleUploadsAreAborted() throws Exception {
		this.client.createMultipartUpload((create) -> create.bucket(BUCKET).key(key("left")));
		assertThat(store().abortStaleUploads(Duration.ofHours(1))).isZero();
		assertThat(store().abortStaleUploads(Duration.ofDays(-1))).isEqualTo(1);
		assertThat(store().abortStaleUploads(Duration.ofDays(-1))).isZero();
	}

	@Test
	void anObjectOfSomeoneElseHasNoMetadataOfOurs() throws Exception {
		foreign("plain", Map.of());
		foreign("damaged",
				Map.of("holdfast-version", "soon", "holdfast-digest", "sha256:x", "holdfast-modified", "no"));
		assertThat(store().head(key("plain")).orElseThrow().metadata()).isNull();
		assertThat(store().head(key("damaged")).orElseThrow().metadata()).isNull();
	}

	@Test
	void otherBytesUnderACopyOfOurMetadataAreNotOurs() throws Exception {
		StoredObject stored = put(key("a"), bytes(100, 5));
		byte[] other = bytes(100, 6);
		this.client.putObject(
				(put) -> put.bucket(BUCKET)
					.key(key("a"))
					.checksumSHA256(Digest.of(other).base64())
					.metadata(S3Metadata.encode(Objects.requireNonNull(stored.metadata()))),
				RequestBody.fromBytes(other));
		assertThat(store().head(key("a")).orElseThrow().metadata()).isNull();
	}

	@Test
	void aMissingBucketIsSaidToBeMissing() {
		try (S3ObjectStore elsewhere = new S3ObjectStore(TestStores.properties(endpoint(),
				Map.of("holdfast.store.bucket", "not-there", "holdfast.store.create-bucket", "false")))) {
			assertFails(Kind.NO_BUCKET, () -> {
				elsewhere.probe();
				return null;
			});
			assertFails(Kind.NO_BUCKET, () -> elsewhere.put(request("a", bytes(1, 1), new PutCondition.Absent()),
					new BytesContent(bytes(1, 1))));
			assertFails(Kind.NO_BUCKET, () -> elsewhere.list("", null));
		}
	}

	private void foreign(String name, Map<String, String> metadata) {
		this.client.putObject((put) -> put.bucket(BUCKET).key(key(name)).metadata(metadata),
				RequestBody.fromString("foreign"));
	}

	private static String crc32(byte[] content) {
		CRC32 crc = new CRC32();
		crc.update(content);
		return Base64.getEncoder().encodeToString(ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
	}

}
