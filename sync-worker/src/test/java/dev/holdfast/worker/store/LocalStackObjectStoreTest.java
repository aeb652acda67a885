package dev.holdfast.worker.store;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import com.github.dockerjava.api.exception.NotFoundException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.localstack.LocalStackContainer;
import org.testcontainers.utility.DockerImageName;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The contract against LocalStack in a container.
 */
@Tag("containers")
class LocalStackObjectStoreTest extends S3ObjectStoreContract {

	private static final DockerImageName IMAGE = DockerImageName
		.parse(System.getenv().getOrDefault("LOCALSTACK_IMAGE", "localstack/localstack:4.14.0"))
		.asCompatibleSubstituteFor("localstack/localstack");

	private static @Nullable LocalStackContainer localStack;

	@BeforeAll
	static void startLocalStack() {
		try {
			DockerClientFactory.lazyClient().inspectImageCmd(IMAGE.asCanonicalNameString()).exec();
		}
		catch (NotFoundException ex) {
			throw new AssertionError("There is no image " + IMAGE.asCanonicalNameString()
					+ " on this machine: docker pull it, or name another one with LOCALSTACK_IMAGE", ex);
		}
		LocalStackContainer container = new LocalStackContainer(IMAGE).withServices("s3");
		container.start();
		localStack = container;
	}

	@AfterAll
	static void stopLocalStack() {
		Objects.requireNonNull(localStack).stop();
	}

	@Override
	URI endpoint() {
		return Objects.requireNonNull(localStack).getEndpoint();
	}

	@Override
	Map<String, String> settings() {
		return Map.of("holdfast.store.path-style", "true");
	}

	/**
	 * LocalStack looks at the condition of a completion before it completes, and not in
	 * the same step as it does for a put: of several that complete at the same moment
	 * more than one may pass.
	 */
	@Override
	@ParameterizedTest
	@ValueSource(ints = { 1000, LARGE })
	void ofManyCreatorsOneWins(int size) throws Exception {
		List<StoredObject> winners = create(size);
		assertThat(winners).hasSizeBetween(1, (size == LARGE) ? 4 : 1);
		assertThat(store().head(key("contested"))).hasValueSatisfying((there) -> assertThat(winners).contains(there));
	}

}
