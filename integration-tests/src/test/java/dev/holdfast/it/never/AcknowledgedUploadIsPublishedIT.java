package dev.holdfast.it.never;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;

import dev.holdfast.it.harness.Answer;
import dev.holdfast.it.harness.Api.Acknowledged;
import dev.holdfast.it.harness.Api;
import dev.holdfast.it.harness.Bytes;
import dev.holdfast.it.harness.Running;
import dev.holdfast.it.harness.Stack;
import dev.holdfast.model.Digest;
import dev.holdfast.model.MediaStored;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Never 1: an acknowledged upload without its event on the topic in the end.
 */
class AcknowledgedUploadIsPublishedIT {

	@RegisterExtension
	static final Running RUNNING = Running.shared(Running.Shared.PLAIN);

	private final Stack stack = RUNNING.get();

	@Test
	void killedAfterTheAnswerWhileKafkaIsAway() {
		this.stack.broker().kill();
		List<Acknowledged> acknowledged = upload("outbox", 25);

		this.stack.app().kill();
		this.stack.app().up();
		this.stack.broker().up();

		awaitEvents(acknowledged);
	}

	@Test
	void killedAndTheCatalogLostWhileKafkaIsAway() throws IOException {
		this.stack.broker().kill();
		List<Acknowledged> acknowledged = upload("lost catalog", 25);

		this.stack.app().kill();
		try (DirectoryStream<Path> files = Files.newDirectoryStream(this.stack.appData(), "catalog.db*")) {
			for (Path file : files) {
				Files.delete(file);
			}
		}
		this.stack.app().start();
		this.stack.broker().up();
		this.stack.app().awaitReady();

		Stack.await("the scan to publish what only the volume still knows")
			.untilAsserted(() -> assertThat(latestDigests()).containsAllEntriesOf(
					acknowledged.stream().collect(Collectors.toMap(Acknowledged::file, Acknowledged::digest))));
	}

	@Test
	void killedAgainAndAgainUnderLoad() throws InterruptedException {
		List<Acknowledged> acknowledged = new ArrayList<>();
		for (int round = 0; round < 4; round++) {
			acknowledged.addAll(uploadUntilKilled(round));
			this.stack.app().up();
		}

		assertThat(acknowledged).hasSizeGreaterThan(100);
		awaitEvents(acknowledged);
	}

	/** Four clients; app-service is killed once they have been answered 40 times. */
	private List<Acknowledged> uploadUntilKilled(int round) throws InterruptedException {
		Map<String, Acknowledged> acknowledged = new ConcurrentHashMap<>();
		CountDownLatch answers = new CountDownLatch(40);
		try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
			for (int client = 0; client < 4; client++) {
				String prefix = "media/load/" + round + "/" + client + "/";
				clients.execute(() -> uploadWhileAnswered(prefix, acknowledged, answers));
			}
			answers.await();
			this.stack.app().kill();
		}
		return List.copyOf(acknowledged.values());
	}

	private void uploadWhileAnswered(String prefix, Map<String, Acknowledged> acknowledged, CountDownLatch answers) {
		try {
			for (int i = 0; true; i++) {
				byte[] content = Bytes.random(i, 2_000);
				Answer answer = this.stack.api().put(prefix + i, content);
				acknowledged.put(prefix + i, Api.acknowledged(prefix + i, answer, Digest.of(content)));
				answers.countDown();
			}
		}
		catch (IOException _) {
			// Killed: what was not answered was not promised.
		}
	}

	private List<Acknowledged> upload(String directory, int count) {
		List<Acknowledged> acknowledged = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			acknowledged.add(this.stack.api().upload("media/" + directory + "/" + i, Bytes.random(i, 1_000 + i)));
		}
		return acknowledged;
	}

	private void awaitEvents(List<Acknowledged> acknowledged) {
		Stack.await("the events of all " + acknowledged.size() + " acknowledged uploads")
			.untilAsserted(() -> assertThat(this.stack.log()
				.stored()
				.stream()
				.map((event) -> new Acknowledged(event.id().toString(), event.version(), event.digest(), event.size()))
				.toList()).containsAll(acknowledged));
	}

	private Map<String, Digest> latestDigests() {
		return this.stack.log()
			.stored()
			.stream()
			.collect(
					Collectors.toMap((event) -> event.id().toString(), MediaStored::digest, (earlier, later) -> later));
	}

}
