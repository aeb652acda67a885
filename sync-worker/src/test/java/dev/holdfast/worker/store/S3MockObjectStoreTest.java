package dev.holdfast.worker.store;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import dev.holdfast.s3endpoint.S3EndpointProcess;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
