package dev.holdfast.it;

import java.util.ArrayList;
import java.util.List;

import dev.holdfast.it.harness.Api.Acknowledged;
import dev.holdfast.it.harness.Bytes;
import dev.holdfast.it.harness.Http;
import dev.holdfast.it.harness.Stack;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Kafka and the store have never been there yet.
 */
class FirstSecondIT {

	@Test
	void uploadsAreTakenBeforeAnythingElseIsThere() throws Exception {
		try (Stack stack = Stack.named("first-second").build()) {
			try {
				stack.app().start();
				stack.worker().start();
				stack.app().awaitReady();
				List<Acknowledged> acknowledged = new ArrayList<>();
				for (int i = 0; i < 20; i++) {
					acknowledged.add(stack.api().upload("media/early/" + i, Bytes.random(i, 3_000)));
				}
				stack.worker().awaitReady();
				assertThat(Http.get(stack.workerUri().resolve("/actuator/health/readiness")).status())
					.as("a worker that cannot do its work is not ready")
					.isEqualTo(503);

				stack.up();

				acknowledged.forEach((upload) -> stack.awaitReplicated(upload.file()));
				assertThat(acknowledged)
					.allSatisfy((upload) -> assertThat(stack.bucket().digest(upload.file())).hasValue(upload.digest()));
				assertThat(stack.log().deadLetters()).isEmpty();
				Stack.await("the worker to be ready")
					.until(() -> Http.isOk(stack.workerUri().resolve("/actuator/health/readiness")));
			}
			catch (Exception | AssertionError ex) {
				System.out.println(stack.report());
				throw ex;
			}
		}
	}

}
