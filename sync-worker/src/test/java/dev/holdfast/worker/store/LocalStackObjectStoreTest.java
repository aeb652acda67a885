package dev.holdfast.worker.store;

import java.net.URI;
import java.util.Map;
import java.util.Objects;

import com.github.dockerjava.api.exception.NotFoundException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.localstack.LocalStackContainer;
import org.testcontainers.utility.DockerImageName;

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

}
