package dev.holdfast.worker.engine;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.holdfast.model.LedgerRecord;
import dev.holdfast.model.MediaStored;
import dev.holdfast.model.Replicated;
import dev.holdfast.model.ReplicationFailed;
import dev.holdfast.model.Topics;
import dev.holdfast.worker.cli.WorkerCommand;
import dev.holdfast.worker.replicate.ForwardingStore;
import dev.holdfast.worker.retry.GateState;
import dev.holdfast.worker.source.TestVolume;
import dev.holdfast.worker.store.ContentSource;
import dev.holdfast.worker.store.FaultyObjectStore;
import dev.holdfast.worker.store.InMemoryObjectStore;
import dev.holdfast.worker.store.PutRequest;
import dev.holdfast.worker.store.StoreException;
import dev.holdfast.worker.store.StoredObject;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.context.ConfigurableApplicationContext;

import static dev.holdfast.worker.engine.WorkerHarness.done;
import static dev.holdfast.worker.engine.WorkerHarness.soon;
import static dev.holdfast.worker.engine.WorkerHarness.unaccounted;
import static org.assertj.core.api.Assertions.assertThat;

/** Whole workers on a real broker. */
@Timeout(180)
class SyncWorkerTest {

	private static final byte[] BYTES = { 1, 2, 3 };

	@TempDir
	static Path kafka;

	private static WorkerHarness harness;

	@TempDir
	Path directory;

	private final InMemoryObjectStore bucket = new InMemoryObjectStore();

	private final FaultyObjectStore store = new FaultyObjectStore(this.bucket);

	private TestVolume volume;

	@BeforeAll
	static void startBroker() {
		harness = new WorkerHarness(kafka.resolve("data"));
	}

	@AfterAll
	static void stopBroker() {
		harness.close();
	}

	@BeforeEach
	void makeVolume() {
		harness.createTopics();
		this.volume = new TestVolume(this.directory);
	}

	@AfterEach
	void reset() {
		harness.reset();
	}

	private ConfigurableApplicationContext startWorker(String... settings) {
		ConfigurableApplicationContext worker = harness.start(this.store, this.volume.root(), settings);
		WorkerHarness.awaitConsuming(worker);
		return worker;
	}

	private static List<Replicated> replicated() {
		return harness.ledger().stream().filter(Replicated.class::isInstance).map(Replicated.class::cast).toList();
	}

	@Test
	void replicatesWhatIsPublished_andCommits() {
		ConfigurableApplicationContext worker = startWorker();
		MediaStored event = this.volume.stored("logo.png", BYTES);
		harness.publish(event);
		soon().until(() -> !harness.ledger().isEmpty());
		assertThat(harness.ledger()).singleElement().isInstanceOfSatisfying(Replicated.class, (replicated) -> {
			assertThat(replicated.id()).isEqualTo(event.id());
			assertThat(replicated.version()).isEqualTo(event.version());
			assertThat(replicated.digest()).isEqualTo(event.digest());
			assertThat(replicated.attempts()).isEqualTo(1);
		});
		soon().until(() -> harness.uncommitted() == 0);
		assertThat(done(worker, "replicated")).isEqualTo(1);
		assertThat(unaccounted(worker)).isZero();
		assertThat(harness.read(Topics.DEAD_LETTERS)).isEmpty();
	}

	@Test
	void carriesOnBehindWhatIsNoEvent() {
		ConfigurableApplicationContext worker = startWorker();
		MediaStored event = this.volume.stored("logo.png", BYTES);
		harness.publish(Topics.EVENTS, event.key(), "{poison".getBytes(StandardCharsets.UTF_8));
		harness.publish(event);
		soon().until(() -> done(worker, "replicated") == 1 && done(worker, "dead-letter") == 1);
		assertThat(harness.read(Topics.DEAD_LETTERS)).singleElement()
			.satisfies((letter) -> assertThat(letter.value()).asString().isEqualTo("{poison"));
		soon().until(() -> harness.uncommitted() == 0);
	}

	@Test
	void startsWithoutItsStore_saysSo_andBeginsByItself() {
		this.store.outage(StoreException.Kind.UNREACHABLE);
		for (int i = 0; i < 20; i++) {
			harness.publish(this.volume.stored("f" + i, BYTES));
		}
		ConfigurableApplicationContext worker = startWorker();
		EngineStatus status = worker.getBean(EngineStatus.class);
		soon().until(() -> status.store().state() == GateState.DOWN);
		assertThat(status.store().reason()).contains("a fault asked for by the test");
		this.store.recover();
		soon().until(() -> done(worker, "replicated") == 20);
		assertThat(harness.read(Topics.RETRIES)).isEmpty();
		assertThat(harness.read(Topics.DEAD_LETTERS)).isEmpty();
	}

	@Test
	void findsItsRetriesAfterARestart() {
		ConfigurableApplicationContext first = startWorker("holdfast.retry.lane-delays=15s");
		this.store.failNext(3, StoreException.Kind.TRANSIENT);
		harness.publish(this.volume.stored("logo.png", BYTES));
		soon().until(() -> done(first, "retry-lane") == 1);
		harness.stop(first);
		assertThat(harness.ledger()).singleElement().isInstanceOf(ReplicationFailed.class);

		ConfigurableApplicationContext second = startWorker();
		soon().until(() -> done(second, "replicated") == 1);
		assertThat(replicated()).singleElement()
			.satisfies((replicated) -> assertThat(replicated.attempts()).isEqualTo(4));
	}

	@Test
	void sharesTheWorkAndLosesNothingWhenAnotherWorkerJoinsInMidUpload() throws Exception {
		ConfigurableApplicationContext first = startWorker();
		FaultyObjectStore.Hang hang = this.store.hangNext();
		MediaStored held = this.volume.stored("held", BYTES);
		harness.publish(held);
		hang.awaitEntered();
		ConfigurableApplicationContext second = startWorker();
		for (int i = 0; i < 200; i++) {
			harness.publish(this.volume.stored("f" + i, BYTES));
		}
		soon().until(() -> done(second, "replicated") + done(second, "already-there") > 0);
		hang.release();
		Set<String> wanted = ConcurrentHashMap.newKeySet();
		for (int i = 0; i < 200; i++) {
			wanted.add("f" + i);
		}
		wanted.add("held");
		soon().until(() -> replicated().stream().map((r) -> r.id().path()).collect(Collectors.toSet()).equals(wanted));
		soon().until(() -> harness.uncommitted() == 0);
		for (String path : wanted) {
			assertThat(this.bucket.versionsOf("media/" + path)).isEqualTo(1);
		}
		assertThat(harness.read(Topics.DEAD_LETTERS)).isEmpty();
		assertThat(unaccounted(first)).isZero();
		assertThat(unaccounted(second)).isZero();
	}

	@Test
	void leavesWhatItDidNotFinishToTheNext() throws Exception {
		CountDownLatch entered = new CountDownLatch(1);
		CountDownLatch never = new CountDownLatch(1);
		ConfigurableApplicationContext first = harness.start(new ForwardingStore(this.bucket) {
			@Override
			public StoredObject put(PutRequest request, ContentSource content)
					throws StoreException, IOException, InterruptedException {
				if (request.key().endsWith("stuck")) {
					entered.countDown();
					never.await();
				}
				return super.put(request, content);
			}
		}, this.volume.root(), "holdfast.replication.drain-timeout=300ms");
		MediaStored stuck = this.volume.stored("stuck", BYTES);
		harness.publishTo(0, stuck);
		harness.publishTo(0, this.volume.stored("after", BYTES));
		entered.await();
		soon().until(() -> done(first, "replicated") == 1);
		harness.stop(first);
		assertThat(this.bucket.head("media/stuck")).isEmpty();
		assertThat(harness.uncommitted()).isEqualTo(2);

		ConfigurableApplicationContext second = startWorker();
		soon().until(() -> done(second, "replicated") == 1 && done(second, "already-there") == 1);
		soon().until(() -> harness.uncommitted() == 0);
	}

	@Test
	void goesOnWhenKafkaComesBack_withNothingLost() {
		ConfigurableApplicationContext worker = startWorker();
		harness.publish(this.volume.stored("before", BYTES));
		soon().until(() -> done(worker, "replicated") == 1);
		FaultyObjectStore.Hang hang = this.store.hangNext();
		harness.publish(this.volume.stored("during", BYTES));
		soon().until(() -> this.store.puts() == 2);
		harness.stopBroker();
		hang.release();
		soon().until(() -> this.bucket.head("media/during").isPresent());
		assertThat(done(worker, "replicated")).isEqualTo(1);
		harness.startBroker();
		Set<String> paths = Set.of("before", "during");
		soon().ignoreExceptions()
			.until(() -> replicated().stream().map((r) -> r.id().path()).collect(Collectors.toSet()).equals(paths));
		harness.publish(this.volume.stored("after", BYTES));
		soon().until(() -> this.bucket.head("media/after").isPresent());
		soon().ignoreExceptions().until(() -> harness.uncommitted() == 0);
	}

	@Test
	void startsWithoutKafka_withinSeconds_andBeginsByItself() throws Exception {
		harness.stopBroker();
		long began = System.nanoTime();
		ConfigurableApplicationContext worker = harness.start(this.store, this.volume.root());
		assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(45));
		assertThat(worker.getBean(EngineStatus.class).isConsuming()).isFalse();
		harness.startBroker();
		WorkerHarness.awaitConsuming(worker);
		Files.createDirectories(this.volume.root());
		harness.publish(this.volume.stored("logo.png", BYTES));
		soon().until(() -> done(worker, "replicated") == 1);
	}

	@Test
	void keepsTheLedgerInStepWithTheBucket() throws Exception {
		ConfigurableApplicationContext worker = startWorker();
		for (int i = 0; i < 100; i++) {
			harness.publish(this.volume.stored("f" + i % 20, new byte[] { (byte) i, 1, 2 }));
		}
		soon().until(() -> harness.uncommitted() == 0);
		assertThat(unaccounted(worker)).isZero();
		for (LedgerRecord entry : harness.ledger()) {
			assertThat(entry).isInstanceOf(Replicated.class);
		}
		Replicated last = replicated().stream()
			.filter((entry) -> entry.id().path().equals("f19"))
			.reduce((_, later) -> later)
			.orElseThrow();
		assertThat(this.bucket.head("media/f19")).hasValueSatisfying((object) -> {
			assertThat(object.etag()).isEqualTo(last.etag());
			assertThat(object.objectVersion()).isEqualTo(last.objectVersion());
		});
	}

	@Test
	void redrivesADeadLetterByCommand() {
		ConfigurableApplicationContext worker = startWorker("holdfast.retry.vanished-attempts=1");
		MediaStored event = this.volume.event("company/logo.png", BYTES);
		harness.publish(event);
		soon().until(() -> done(worker, "dead-letter") == 1);
		assertThat(run(0, "dead-letters")).contains("media/company/logo.png", "missing on the volume", "1 in all");
		assertThat(run(0, "dead-letters", "--json")).contains("\"path\" : \"company/logo.png\"",
				"\"failureClass\" : \"permanent\"");
		assertThat(run(1, "redrive", "media/other")).contains("No dead letter matches");
		assertThat(run(0, "redrive", "media/company", "--dry-run")).contains("1 would be redriven");
		assertThat(done(worker, "dead-letter")).isEqualTo(1);

		this.volume.write("company/logo.png", BYTES);
		assertThat(run(0, "redrive", "--all")).contains("media/company/logo.png", "1 redriven");
		soon().until(() -> done(worker, "replicated") == 1);
		assertThat(replicated()).singleElement()
			.satisfies((replicated) -> assertThat(replicated.version()).isEqualTo(event.version()));
		assertThat(run(0, "dead-letters")).contains("No dead letters");
		assertThat(run(2, "redrive")).isEmpty();
	}

	private static String run(int exitCode, String... arguments) {
		StringWriter out = new StringWriter();
		String[] all = Stream.concat(Arrays.stream(arguments), Stream.of("--kafka", harness.bootstrap()))
			.toArray(String[]::new);
		assertThat(WorkerCommand.commandLine()
			.setOut(new PrintWriter(out))
			.setErr(new PrintWriter(new StringWriter()))
			.execute(all)).isEqualTo(exitCode);
		return out.toString();
	}

	@Test
	void tellsHowItIs_toThoseWhoMayKnow() throws Exception {
		ConfigurableApplicationContext worker = startWorker();
		String base = "http://localhost:" + worker.getEnvironment().getProperty("local.server.port");
		assertThat(get(base + "/api/v1/worker/status", null).statusCode()).isEqualTo(401);
		assertThat(get(base + "/api/v1/worker/status", "wrong").statusCode()).isEqualTo(401);
		HttpResponse<String> status = get(base + "/api/v1/worker/status", "secret-token-of-the-test");
		assertThat(status.statusCode()).isEqualTo(200);
		assertThat(status.body()).contains("\"bucket\":\"holdfast\"", "\"state\":\"up\"", "\"inFlight\":0")
			.doesNotContain("secret-token");
		assertThat(get(base + "/actuator/health/readiness", null).statusCode()).isEqualTo(200);
		assertThat(get(base + "/actuator/prometheus", null).body()).contains("holdfast_events_received_total");
		assertThat(get(base + "/actuator/bindings", null).statusCode()).isEqualTo(404);

		this.store.outage(StoreException.Kind.DENIED);
		harness.publish(this.volume.stored("a", BYTES));
		soon().until(() -> get(base + "/actuator/health/readiness", null).statusCode() == 503);
		assertThat(get(base + "/actuator/health/liveness", null).statusCode()).isEqualTo(200);
		assertThat(get(base + "/actuator/health", null).body()).contains("a fault asked for by the test");
		this.store.recover();
		soon().until(() -> get(base + "/actuator/health/readiness", null).statusCode() == 200);
	}

	/** Two workers with one id: Kafka lets only the later one read. */
	@Test
	void isNotReadyOnceItsConsumersHaveStoppedForGood() throws Exception {
		String identity = "holdfast.data-dir=" + Files.createDirectory(this.directory.resolve("id"));
		ConfigurableApplicationContext worker = startWorker(identity);
		String base = "http://localhost:" + worker.getEnvironment().getProperty("local.server.port");
		soon().until(() -> get(base + "/actuator/health/readiness", null).statusCode() == 200);
		EngineStatus status = worker.getBean(EngineStatus.class);
		assertThat(status.isConsuming()).isTrue();

		startWorker(identity);

		soon().until(() -> !status.isConsuming());
		assertThat(get(base + "/actuator/health/readiness", null).statusCode()).isEqualTo(503);
		assertThat(get(base + "/actuator/health", null).body()).contains("nobody reads media.");
		assertThat(get(base + "/actuator/health/liveness", null).statusCode()).isEqualTo(200);
	}

	private static HttpResponse<String> get(String uri, @Nullable String token) throws Exception {
		HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(uri));
		if (token != null) {
			request.header("Authorization", "Bearer " + token);
		}
		try (HttpClient client = HttpClient.newHttpClient()) {
			return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
		}
	}

}
