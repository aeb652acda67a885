package dev.holdfast.app.media;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import dev.holdfast.app.RunningApp;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Stopping while clients are at it.
 */
class ShutdownTest {

	@Test
	void uploadThatIsUnderWayIsFinishedAndNoOneWaitsForReplicas() throws Exception {
		RunningApp app = RunningApp.own();
		try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
			Future<HttpResponse<String>> waiting = executor.submit(() -> app.send(app.media("w")
				.header("Prefer", "wait=60")
				.timeout(Duration.ofSeconds(90))
				.PUT(BodyPublishers.ofString("x"))));
			await().until(() -> Files.exists(app.volume().resolve("w")));
			long begun = System.nanoTime();
			app.context().close();
			assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(25));
			assertThat(waiting.get().statusCode()).isEqualTo(201);
			assertThat(RunningApp.json(waiting.get()).path("state").stringValue()).isEqualTo("pending");
		}
	}

}
