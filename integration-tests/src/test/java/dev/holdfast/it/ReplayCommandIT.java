package dev.holdfast.it;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import dev.holdfast.it.harness.Bytes;
import dev.holdfast.it.harness.Distribution;
import dev.holdfast.it.harness.FaultyStore;
import dev.holdfast.it.harness.Ports;
import dev.holdfast.it.harness.ProcessPart;
import dev.holdfast.it.harness.Running;
import dev.holdfast.it.harness.Stack;
import dev.holdfast.model.Digest;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Replay as its user runs it: options, exit codes, report, and being killed on the way.
 */
class ReplayCommandIT {

	private static final int FILES = 60;

	/** How many files are put at a time, and so may be put and not yet in the ledger. */
	private static final int AT_A_TIME = 32;

	@RegisterExtension
	static final Running RUNNING = Running.stack(() -> Stack.named("replay-command").build());

	private static FaultyStore store;

	private final Stack stack = RUNNING.get();

	private Path volume = this.stack.volume();

	@BeforeAll
	static void uploadFiles() {
		store = FaultyStore.before(RUNNING.get().s3Uri());
		for (int i = 0; i < FILES; i++) {
			RUNNING.get().api().upload("media/replay/file-" + i, Bytes.random(i, 2_000));
		}
		RUNNING.get().awaitAllReplicated(FILES);
	}

	@AfterAll
	static void removeTheProxy() {
		store.close();
	}

	@BeforeEach
	void behave() {
		store.behave();
	}

	@Test
	void goesOnWhereItWasAfterBeingKilled() throws InterruptedException {
		this.stack.bucket().empty();
		Interrupted fault = new Interrupted(FILES / 3);
		store.fault(fault);
		ProcessPart killed = replay(store.uri(), "--json");
		killed.start();
		fault.awaitEnough();
		killed.kill();
		fault.awaitThoseUnderWay();
		fault.letGo();
		int done = this.stack.bucket().keys().size();
		assertThat(done).isBetween(1, FILES - 1);

		Counts counts = new Counts();
		store.fault(counts);
		JsonNode report = run(0, store.uri(), "--json");

		assertThat(report.path("complete").asBoolean()).isTrue();
		assertThat(report.path("files").asInt()).isEqualTo(FILES);
		assertThat(report.path("alreadyThere").asInt()).isEqualTo(done);
		assertThat(report.path("replayed").asInt()).isEqualTo(FILES - done);
		assertThat(counts.of("PUT")).as("puts").isEqualTo(FILES - done);
		assertThat(counts.of("HEAD") - counts.ofBucket()).as("objects looked at one by one")
			.isLessThanOrEqualTo(AT_A_TIME);
		for (int i = 0; i < FILES; i++) {
			assertThat(this.stack.bucket().digest("media/replay/file-" + i))
				.hasValue(Digest.of(Bytes.random(i, 2_000)));
		}

		Counts again = new Counts();
		store.fault(again);
		assertThat(run(0, store.uri(), "--json").path("alreadyThere").asInt()).isEqualTo(FILES);
		assertThat(again.of("PUT")).isZero();
		assertThat(again.of("HEAD") - again.ofBucket()).isZero();
	}

	@Test
	void dryRunTellsWhatItWouldDo() {
		run(0, this.stack.s3Uri(), "--json");
		this.stack.bucket().empty();
		JsonNode report = run(1, this.stack.s3Uri(), "--json", "--dry-run");
		assertThat(report.path("dryRun").asBoolean()).isTrue();
		assertThat(report.path("complete").asBoolean()).isFalse();
		assertThat(report.path("replayed").asInt()).isEqualTo(FILES);
		assertThat(this.stack.bucket().keys()).isEmpty();

		assertThat(said(0, this.stack.s3Uri(), List.of()))
			.anySatisfy((line) -> assertThat(line).matches(" +replayed +" + FILES))
			.anySatisfy((line) -> assertThat(line).matches(" +failed +0"));
		assertThat(run(0, this.stack.s3Uri(), "--json", "--dry-run").path("replayed").asInt()).isZero();
		assertThat(run(0, this.stack.s3Uri(), "--json", "--from", "2100-01-01").path("files").asInt()).isZero();
		assertThat(run(0, this.stack.s3Uri(), "--json", "--to", "primary").path("files").asInt()).isEqualTo(FILES);
	}

	@Test
	void whatIsMissingOnTheVolumeIsSaid() throws IOException {
		this.stack.bucket().empty();
		this.volume = copyOfTheVolumeWithout("replay/file-7");

		JsonNode report = run(1, this.stack.s3Uri(), "--json");

		assertThat(report.path("missing").asInt()).isEqualTo(1);
		assertThat(report.path("replayed").asInt()).isEqualTo(FILES - 1);
		assertThat(report.path("problems").get(0).path("file").asString()).isEqualTo("media/replay/file-7");
		this.volume = this.stack.volume();
		assertThat(run(0, this.stack.s3Uri(), "--json").path("replayed").asInt()).isEqualTo(1);
	}

	private Path copyOfTheVolumeWithout(String file) throws IOException {
		Path copy = Files.createTempDirectory(this.stack.volume().getParent(), "copy-");
		for (String directory : List.of(".holdfast", "replay")) {
			Files.createDirectory(copy.resolve(directory));
			try (Stream<Path> files = Files.list(this.stack.volume().resolve(directory))) {
				for (Path each : files.filter(Files::isRegularFile).toList()) {
					Files.copy(each, copy.resolve(directory).resolve(each.getFileName().toString()));
				}
			}
		}
		Files.delete(copy.resolve(file));
		return copy;
	}

	@ParameterizedTest
	@CsvSource({ "--from yesterday, yesterday", "--to elsewhere, elsewhere", "--fast, --fast", "--from, --from" })
	void wrongOptionsAreSaidInOneLine(String options, String said) {
		List<String> lines = said(2, this.stack.s3Uri(), List.of(options.split(" ", -1)));
		assertThat(lines).anySatisfy((line) -> assertThat(line).contains(said));
		assertThat(lines).noneSatisfy((line) -> assertThat(line).contains("Exception"));
	}

	@Test
	void whoeverIsAwayIsNamed() {
		URI nowhere = URI.create("http://127.0.0.1:" + Ports.next());
		assertThat(said(3, nowhere, List.of()))
			.anySatisfy((line) -> assertThat(line).contains("holdfast.store.endpoint").doesNotContain("Exception"));
		ProcessPart command = part(this.stack.s3Uri(), "127.0.0.1:" + Ports.next(), List.of("replay"));
		command.start();
		assertThat(command.awaitExit()).as(command.log()).isEqualTo(3);
		assertThat(command.log()).contains("Kafka").doesNotContain("\tat ");
	}

	/** Runs it, and reads the report that it prints. */
	private JsonNode run(int exitCode, URI endpoint, String... options) {
		ProcessPart command = replay(endpoint, options);
		command.start();
		assertThat(command.awaitExit()).as(command.log()).isEqualTo(exitCode);
		return JsonMapper.shared().readTree(command.log().substring(command.log().indexOf("{\n")));
	}

	private List<String> said(int exitCode, URI endpoint, List<String> options) {
		ProcessPart command = replay(endpoint, options.toArray(String[]::new));
		command.start();
		assertThat(command.awaitExit()).as(command.log()).isEqualTo(exitCode);
		return command.log().lines().filter((line) -> !line.startsWith("----")).toList();
	}

	private ProcessPart replay(URI endpoint, String... options) {
		List<String> arguments = new ArrayList<>(List.of("replay"));
		arguments.addAll(List.of(options));
		return part(endpoint, this.stack.log().bootstrapServers(), arguments);
	}

	private ProcessPart part(URI endpoint, String kafka, List<String> arguments) {
		Map<String, String> environment = new TreeMap<>(this.stack.storeEnvironment());
		environment.put("AWS_S3_ENDPOINT_URL", endpoint.toString());
		environment.put("KAFKA_BOOTSTRAP_SERVERS", kafka);
		environment.put("HOLDFAST_VOLUMES_MEDIA", this.volume.toString());
		return new ProcessPart("replay-" + System.nanoTime(),
				Distribution.command("dev.holdfast.worker.SyncWorker", arguments), environment,
				this.stack.volume().resolveSibling("commands"), () -> true);
	}

	/** Lets some puts through, and none after. */
	private static final class Interrupted implements FaultyStore.Fault {

		private final CountDownLatch enough = new CountDownLatch(1);

		private final CountDownLatch end = new CountDownLatch(1);

		private final int through;

		private int puts;

		private int underWay;

		Interrupted(int through) {
			this.through = through;
		}

		@Override
		public void handle(FaultyStore.Call call, FaultyStore.Forward forward)
				throws IOException, InterruptedException {
			if (!letsThrough(call)) {
				this.enough.countDown();
				this.end.await();
				call.hangUp();
				return;
			}
			try {
				call.answer(forward.send(call, call.bytes()));
			}
			finally {
				ended();
			}
		}

		private synchronized boolean letsThrough(FaultyStore.Call call) {
			if (call.isPut() && ++this.puts > this.through) {
				return false;
			}
			this.underWay++;
			return true;
		}

		private synchronized void ended() {
			this.underWay--;
			notifyAll();
		}

		/** What was let through arrives although its sender is no more. */
		synchronized void awaitThoseUnderWay() throws InterruptedException {
			while (this.underWay > 0) {
				wait();
			}
		}

		void awaitEnough() throws InterruptedException {
			assertThat(this.enough.await(60, TimeUnit.SECONDS)).isTrue();
		}

		void letGo() {
			this.end.countDown();
		}

	}

	/** Counts requests by their method. */
	private static final class Counts implements FaultyStore.Fault {

		private final Map<String, Integer> methods = new TreeMap<>();

		private int bucket;

		@Override
		public void handle(FaultyStore.Call call, FaultyStore.Forward forward)
				throws IOException, InterruptedException {
			synchronized (this) {
				this.methods.merge(call.method(), 1, Integer::sum);
				if (call.method().equals("HEAD") && call.path().replace("/", "").equals(Stack.BUCKET)) {
					this.bucket++;
				}
			}
			call.answer(forward.send(call, call.bytes()));
		}

		synchronized int ofBucket() {
			return this.bucket;
		}

		synchronized int of(String method) {
			return this.methods.getOrDefault(method, 0);
		}

	}

}
