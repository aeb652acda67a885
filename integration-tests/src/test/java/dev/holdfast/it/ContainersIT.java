package dev.holdfast.it;

import java.util.ArrayList;
import java.util.List;

import dev.holdfast.it.harness.Api.Acknowledged;
import dev.holdfast.it.harness.Bytes;
import dev.holdfast.it.harness.ContainerPart;
import dev.holdfast.it.harness.Stack;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.localstack.LocalStackContainer;
import org.testcontainers.utility.DockerImageName;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * app-service and worker on Apache Kafka and LocalStack in containers. LocalStack forgets
 * everything when it stops, so it is frozen where other tests kill. Runs in the profile
 * {@code containers}.
 */
@Tag("containers")
class ContainersIT {

	private static final KafkaContainer KAFKA = new KafkaContainer(
			image("KAFKA_IMAGE", "apache/kafka:4.2.1", "apache/kafka"));

	private static final LocalStackContainer LOCALSTACK = new LocalStackContainer(
			image("LOCALSTACK_IMAGE", "localstack/localstack:4.14.0", "localstack/localstack"))
		.withServices("s3");

	private static Stack stack;

	private static DockerImageName image(String variable, String image, String compatible) {
		return DockerImageName.parse(System.getenv().getOrDefault(variable, image))
			.asCompatibleSubstituteFor(compatible);
	}

	@BeforeAll
	static void up() {
		KAFKA.start();
		LOCALSTACK.start();
		stack = Stack.named("containers")
			.on(KAFKA.getBootstrapServers(), new ContainerPart("kafka", KAFKA), LOCALSTACK.getEndpoint(),
					new ContainerPart("localstack", LOCALSTACK))
			.worker(Stack.SHORT_LANES)
			.build()
			.up();
	}

	@AfterAll
	static void down() {
		stack.close();
	}

	@Test
	void uploadsAreReplicatedByteForByte() {
		List<Acknowledged> acknowledged = new ArrayList<>();
		for (int i = 0; i < 50; i++) {
			acknowledged.add(stack.api().upload("media/containers/ä b+c/" + i, Bytes.random(i, 20_000)));
		}
		acknowledged.add(stack.api().upload("media/containers/empty", new byte[0]));
		acknowledged.add(stack.api().upload("media/containers/large", Bytes.random(99, 40_000_000)));
		assertReplicated(acknowledged);
	}

	@Test
	void overwritesKeepTheOldVersionAndDeletesHide() throws Exception {
		stack.api().upload("media/again.png", Bytes.random(1, 5_000));
		stack.awaitReplicated("media/again.png");
		Acknowledged second = stack.api().upload("media/again.png", Bytes.random(2, 5_000));
		assertReplicated(List.of(second));
		assertThat(stack.bucket().versions("media/again.png")).isEqualTo(2);

		assertThat(stack.api().delete("media/again.png").status()).isEqualTo(204);
		Stack.await("the delete to reach the store").until(() -> stack.bucket().digest("media/again.png").isEmpty());
	}

	@Test
	void aStoreThatHangsIsWaitedForAndNothingIsGivenUp() {
		List<Acknowledged> acknowledged = new ArrayList<>();
		stack.s3().freeze();
		try {
			for (int i = 0; i < 20; i++) {
				acknowledged.add(stack.api().upload("media/frozen/" + i, Bytes.random(200 + i, 3_000)));
			}
		}
		finally {
			stack.s3().thaw();
		}
		assertReplicated(acknowledged);
	}

	@Test
	void aKilledWorkerGoesOnWhereItWas() {
		List<Acknowledged> acknowledged = new ArrayList<>();
		for (int i = 0; i < 60; i++) {
			acknowledged.add(stack.api().upload("media/killed/" + i, Bytes.random(300 + i, 8_000)));
			if (i == 20) {
				stack.worker().kill();
			}
		}
		stack.worker().up();
		assertReplicated(acknowledged);
	}

	private static void assertReplicated(List<Acknowledged> acknowledged) {
		acknowledged.forEach((upload) -> stack.awaitReplicated(upload.file()));
		assertThat(acknowledged)
			.allSatisfy((upload) -> assertThat(stack.bucket().digest(upload.file())).hasValue(upload.digest()));
		assertThat(stack.log().deadLetters()).isEmpty();
	}

}
