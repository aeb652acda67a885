package dev.holdfast.worker.store;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;

import dev.holdfast.model.Version;
import dev.holdfast.s3endpoint.S3EndpointProcess;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.s3.S3Client;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The contract against the S3 endpoint that the standalone process uses.
 */
class S3MockObjectStoreTest {

	private static @Nullable S3EndpointProcess endpoint;

	@BeforeAll
	static void start(@TempDir Path data) {
		endpoint = S3EndpointProcess.start(Path.of(System.getProperty("holdfast.s3.jars")), data, 0);
	}

	@AfterAll
	static void stop() {
		Objects.requireNonNull(endpoint).close();
	}

	@Nested
	class WithChecksums extends S3ObjectStoreContract {

		@Override
		URI endpoint() {
			return Objects.requireNonNull(endpoint).uri();
		}

	}

	@Nested
	class OnABucketWithoutVersions {

		private static final String BUCKET = "unversioned";

		@Test
		void objectsAreMovedAsideAndErasedWhereTheyAreStillTheSame() throws Exception {
			StoreProperties properties = TestStores.properties(Objects.requireNonNull(endpoint).uri(),
					Map.of("holdfast.store.bucket", BUCKET));
			try (S3Client client = S3Clients.create(properties); S3ObjectStore store = new S3ObjectStore(properties)) {
				client.createBucket((create) -> create.bucket(BUCKET));
				assertThat(store.versioned()).isFalse();
				StoredObject seen = put(store, "one", new PutCondition.Absent());
				ObjectStoreContract.assertFails(StoreException.Kind.PERMANENT, () -> store.remove(seen));
				TrashNote note = new TrashNote(Version.NONE.next().next(), Instant.parse("2026-11-22T10:15:31.123Z"));
				store.copyToTrash(seen, "trash/a b", note);
				StoredObject newer = put(store, "two", new PutCondition.Replaces(seen));

				ObjectStoreContract.assertFails(StoreException.Kind.CONFLICT, () -> {
					store.erase(seen);
					return true;
				});
				assertThat(store.head("a b")).hasValue(newer);
				store.erase(newer);
				assertThat(store.head("a b")).isEmpty();
				Trashed trashed = store.trashed("trash/a b").orElseThrow();
				assertThat(trashed.note()).isEqualTo(note);
				assertThat(client.headObject((head) -> head.bucket(BUCKET).key("trash/a b")).contentType())
					.isEqualTo("image/png");
				store.erase(trashed.object());
				assertThat(store.list("", null).objects()).isEmpty();
			}
		}

		private static StoredObject put(S3ObjectStore store, String content, PutCondition condition) throws Exception {
			byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
			return store.put(ObjectStoreContract.request("a b", bytes, condition), new BytesContent(bytes));
		}

	}

	@Nested
	class WithoutChecksums extends S3ObjectStoreContract {

		@Override
		URI endpoint() {
			return Objects.requireNonNull(endpoint).uri();
		}

		@Override
		Map<String, String> settings() {
			return Map.of("holdfast.store.checksums", "when-required");
		}

	}

	@Nested
	class WithoutConditionalWrites extends S3ObjectStoreContract {

		@Override
		URI endpoint() {
			return Objects.requireNonNull(endpoint).uri();
		}

		@Override
		Map<String, String> settings() {
			return Map.of("holdfast.store.conditional-writes", "false");
		}

		/** They may end each other's uploads, so that none wins and all come again. */
		@Override
		@ParameterizedTest
		@ValueSource(ints = { 1000, LARGE })
		void ofManyCreatorsOneWins(int size) throws Exception {
			List<StoredObject> winners = create(size);
			assertThat(winners).hasSizeLessThanOrEqualTo(1);
			assertThat(store().head(key("contested")).stream().toList()).isEqualTo(winners);
			assertNothingUnfinished();
		}

	}

}
