package dev.holdfast.it;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

import dev.holdfast.it.harness.Api.Acknowledged;
import dev.holdfast.it.harness.Bytes;
import dev.holdfast.it.harness.FaultyStore.Hold;
import dev.holdfast.it.harness.FaultyStore;
import dev.holdfast.it.harness.Ledger;
import dev.holdfast.it.harness.Part;
import dev.holdfast.it.harness.Running;
import dev.holdfast.it.harness.Stack;
import dev.holdfast.it.harness.Totals;
import dev.holdfast.model.Digest;
import dev.holdfast.model.Topics;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Events and files that are not as they should be: each gets its outcome, and none of
 * them holds up another.
 */
class OddEventsIT {

	private static final int MULTIPART = 40_000_000;

	@RegisterExtension
	static final Running RUNNING = Running.shared(Running.Shared.FAULTY);

	private final Stack stack = RUNNING.get();

	private final FaultyStore store = this.stack.faulty();

	@AfterEach
	void allElseWorksAndTheSumsAreRight() {
		this.store.behave();
		String file = "media/after/" + System.nanoTime();
		this.stack.api().upload(file, Bytes.of("after"));
		this.stack.awaitReplicated(file);
		assertThat(this.stack.totals()).matches(Totals::addUp);
		assertThat(Ledger.lies(this.stack)).isEmpty();
	}

	static List<String> poison() {
		return List.of("", "not JSON", "{", "[]", "null", "{\"specversion\":\"1.0\"}", "\u0000\u0001\u0002",
				"{\"specversion\":\"1.0\",\"type\":\"dev.holdfast.media.stored.v9\",\"data\":{}}",
				event("media", "../../etc/passwd", Digest.EMPTY, 0), event("media", "ok", Digest.EMPTY, -1),
				event("MEDIA", "x", Digest.EMPTY, 0), "{\"a\":".repeat(5_000), " ".repeat(70_000));
	}

	@ParameterizedTest
	@MethodSource("poison")
	void poisonIsADeadLetterOnce(String poison) {
		int before = this.stack.log().deadLetters().size();
		var published = this.stack.log().publish(Topics.EVENTS, Bytes.of("media/poison"), Bytes.of(poison));

		List<ConsumerRecord<byte[], byte[]>> letters = Stack.await("the poison to be a dead letter")
			.until(() -> this.stack.log().deadLetters(), (all) -> all.size() > before);

		assertThat(letters).hasSize(before + 1);
		ConsumerRecord<byte[], byte[]> letter = letters.stream()
			.filter((candidate) -> header(candidate, "holdfast-origin")
				.equals(Topics.EVENTS + "-" + published.partition() + "@" + published.offset()))
			.findFirst()
			.orElseThrow();
		assertThat(letter.value()).as("the original bytes").isEqualTo(Bytes.of(poison));
		assertThat(header(letter, "holdfast-reason")).isNotBlank();
	}

	@Test
	void tombstoneOnTheEventsTopicHoldsNothingUp() {
		this.stack.log().publishTombstone(Topics.EVENTS, Bytes.of("media/tombstone"));
	}

	@Test
	void aForeignAppPublishesInFiveLines() throws IOException {
		byte[] content = Bytes.random(5, 12_345);
		Files.createDirectories(this.stack.volume().resolve("foreign"));
		Files.write(this.stack.volume().resolve("foreign/receipt.pdf"), content);

		this.stack.log()
			.publish(Topics.EVENTS, Bytes.of("media/foreign/receipt.pdf"),
					Bytes.of(event("media", "foreign/receipt.pdf", Digest.of(content), content.length)));

		this.stack.awaitReplicated("media/foreign/receipt.pdf");
		assertThat(this.stack.bucket().bytes("media/foreign/receipt.pdf")).hasValue(content);
	}

	@Test
	void anUploadAfterAForeignEventIsNewer() throws IOException {
		String path = "foreign/later.txt";
		byte[] first = Bytes.of("foreign");
		Files.createDirectories(this.stack.volume().resolve("foreign"));
		Files.write(this.stack.volume().resolve(path), first);
		this.stack.log()
			.publish(Topics.EVENTS, Bytes.of("media/" + path),
					Bytes.of(event("media", path, Digest.of(first), first.length)));
		this.stack.awaitReplicated("media/" + path);

		this.stack.api().upload("media/" + path, Bytes.of("uploaded"));

		Stack.await("the upload to be in the store")
			.untilAsserted(() -> assertThat(this.stack.bucket().bytes("media/" + path)).hasValue(Bytes.of("uploaded")));
		this.stack.awaitReplicated("media/" + path);
	}

	@Test
	void zeroBytes() {
		this.stack.api().upload("media/empty.txt", new byte[0]);

		this.stack.awaitReplicated("media/empty.txt");
		assertThat(this.stack.bucket().bytes("media/empty.txt")).hasValue(new byte[0]);
	}

	@ParameterizedTest
	@ValueSource(strings = { "with space.txt", "a+b.txt", "-x", "日本語/ファイル.png", "e\u0301.txt", "\u00e9.txt",
			"a;b=c.txt", "100%.txt", "q?x=1#f.txt", "it's \"quoted\".txt", "..hidden", "a..b/...c", "🙂.bin",
			"a&b<c>.txt", "~tilde", "$HOME.txt", "[a](b){c}.txt", "a:b@c,d.txt" })
	void namesThatPeopleGiveTheirFiles(String name) throws IOException {
		String file = "media/names/" + name;
		this.stack.api().upload(file, Bytes.of(name));

		this.stack.awaitReplicated(file);

		assertThat(this.stack.bucket().bytes(file)).hasValue(Bytes.of(name));
		assertThat(this.stack.api().get(file).body()).isEqualTo(Bytes.of(name));
	}

	@Test
	void fileVanishedBeforeItWasReplicated() throws IOException {
		whileTheWorkerSleeps("vanished.txt", (path) -> delete(path));

		awaitDeadLetter("media/odd/vanished.txt");
		assertThat(this.stack.bucket().keys()).doesNotContain("media/odd/vanished.txt");
	}

	@Test
	void fileCannotBeReadBecauseItIsADirectory() throws IOException {
		whileTheWorkerSleeps("directory.txt", (path) -> {
			delete(path);
			run("mkdir", path.toString());
		});

		awaitDeadLetter("media/odd/directory.txt");
	}

	@Test
	void fileCannotBeReadBecauseItIsAPipe() throws IOException {
		whileTheWorkerSleeps("pipe.txt", (path) -> {
			delete(path);
			run("mkfifo", path.toString());
		});

		awaitDeadLetter("media/odd/pipe.txt");
	}

	@Test
	void fileCannotBeReadBecauseItIsALinkToElsewhere() throws IOException {
		Path outside = this.stack.volume().resolveSibling("outside.txt");
		Files.write(outside, Bytes.random(1, 1_000));
		whileTheWorkerSleeps("link.txt", (path) -> {
			delete(path);
			run("ln", "-s", outside.toString(), path.toString());
		});

		awaitDeadLetter("media/odd/link.txt");
		assertThat(this.stack.bucket().keys()).doesNotContain("media/odd/link.txt");
	}

	@Test
	void fileChangedBeforeItWasReplicatedIsLeftToTheNextEvent() throws IOException {
		String file = "media/odd/changed.txt";
		Acknowledged first = whileTheWorkerSleeps("changed.txt",
				(path) -> run("sh", "-c", "printf changed > '" + path + "'"));
		Acknowledged second = this.stack.api().upload(file, Bytes.of("second"));

		this.stack.awaitReplicated(file);

		assertThat(this.stack.bucket().digest(file)).hasValue(second.digest());
		assertThat(this.stack.log().replicated()).filteredOn((entry) -> entry.id().toString().equals(file))
			.noneMatch((entry) -> entry.digest().equals(first.digest()));
		assertThat(deadLetters(file)).isEmpty();
	}

	/** Multipart: the parts already sent are of the old content, the rest of the new. */
	@Test
	void fileChangesWhileItIsRead() throws IOException, InterruptedException {
		String file = "media/odd/changing.bin";
		Hold firstPart = new Hold();
		this.store.fault(firstPart.on((call) -> call.puts(file) && call.query().contains("partNumber=1")));
		Acknowledged old = this.stack.api().upload(file, Bytes.random(1, MULTIPART));
		firstPart.awaitArrival();
		run("sh", "-c", "head -c 5000000 /dev/urandom | dd of='" + this.stack.volume().resolve("odd/changing.bin")
				+ "' bs=1000000 seek=33 conv=notrunc status=none");
		firstPart.release();
		this.store.behave();
		this.stack.api().upload("media/odd/changing.after", Bytes.of("after"));
		this.stack.awaitReplicated("media/odd/changing.after");
		Acknowledged next = this.stack.api().upload(file, Bytes.random(2, MULTIPART));

		this.stack.awaitReplicated(file);

		assertThat(this.stack.bucket().digest(file)).hasValue(next.digest());
		assertThat(this.stack.log().replicated()).filteredOn((entry) -> entry.id().toString().equals(file))
			.noneMatch((entry) -> entry.digest().equals(old.digest()));
		assertThat(this.stack.bucket().digests(file)).as("contents, mixed ones included")
			.isSubsetOf(old.digest(), next.digest());
	}

	@Test
	void rebalancesInMidUpload() {
		List<Acknowledged> acknowledged = new ArrayList<>();
		Part second = this.stack.addWorker("worker-joining", this.store.uri());
		second.start();
		for (int i = 0; i < 200; i++) {
			acknowledged.add(this.stack.api().upload("media/rebalance/" + i, Bytes.random(i, 30_000)));
			if (i == 100) {
				second.awaitReady();
			}
		}
		second.terminate();
		this.stack.dismiss(second);
		for (int i = 200; i < 300; i++) {
			acknowledged.add(this.stack.api().upload("media/rebalance/" + i, Bytes.random(i, 30_000)));
		}

		acknowledged.forEach((upload) -> this.stack.awaitReplicated(upload.file()));
		assertThat(acknowledged)
			.allSatisfy((upload) -> assertThat(this.stack.bucket().digest(upload.file())).hasValue(upload.digest()));
	}

	@Test
	void catalogIsRebuiltFromTheTopics() throws IOException {
		for (int i = 0; i < 30; i++) {
			this.stack.api().upload("media/catalog/" + i, Bytes.random(i, 100));
		}
		this.stack.api().delete("media/catalog/7");
		this.stack.api().upload("media/catalog/8", Bytes.of("another"));
		this.stack.awaitReplicated("media/catalog/8");
		for (int i = 9; i < 30; i++) {
			this.stack.awaitReplicated("media/catalog/" + i);
		}
		Stack.await("the delete to be carried out").until(() -> this.stack.bucket().bytes("media/catalog/7").isEmpty());
		Map<String, String> before = catalog();
		Totals totals = this.stack.totals();

		this.stack.app().terminate();
		run("sh", "-c", "rm '" + this.stack.appData() + "'/catalog.db*");
		this.stack.app().up();

		Stack.await("the catalog to be as it was").untilAsserted(() -> {
			assertThat(catalog()).isEqualTo(before);
			assertThat(this.stack.totals()).isEqualTo(totals);
		});
	}

	/**
	 * Every file, and all that the topics say of it: what is missing on the volume, as
	 * after some of these tests, is what a scan finds.
	 */
	private Map<String, String> catalog() {
		Map<String, String> files = new TreeMap<>();
		String after = "";
		do {
			JsonNode page = this.stack.api().json("/api/v1/files?limit=100" + after);
			page.path("files")
				.forEach((file) -> files.put(file.path("volume").asString() + "/" + file.path("path").asString(),
						((ObjectNode) file).without("missing").toString()));
			after = page.path("next").isString()
					? "&after=" + URLEncoder.encode(page.path("next").asString(), StandardCharsets.UTF_8) : "";
		}
		while (!after.isEmpty());
		assertThat(files).isNotEmpty();
		return files;
	}

	/** Frozen, the worker gets to see the event when the file is another already. */
	private Acknowledged whileTheWorkerSleeps(String name, Consumer<Path> change) {
		this.stack.worker().freeze();
		try {
			Acknowledged acknowledged = this.stack.api().upload("media/odd/" + name, Bytes.random(1, 1_000));
			change.accept(this.stack.volume().resolve("odd").resolve(name));
			return acknowledged;
		}
		finally {
			this.stack.worker().thaw();
		}
	}

	private void awaitDeadLetter(String file) {
		Stack.await("a dead letter of " + file).until(() -> deadLetters(file).size() == 1);
		Stack.await("the catalog to know of it").until(() -> this.stack.api().state(file), "dead-lettered"::equals);
		assertThat(this.stack.api().status(file).path("replicas").path(0).path("reason").asString()).isNotBlank();
	}

	private List<ConsumerRecord<byte[], byte[]>> deadLetters(String file) {
		return this.stack.log()
			.deadLetters()
			.stream()
			.filter((letter) -> new String(letter.key(), StandardCharsets.UTF_8).equals("primary/" + file))
			.toList();
	}

	private static String header(ConsumerRecord<byte[], byte[]> letter, String name) {
		var header = letter.headers().lastHeader(name);
		return (header != null) ? new String(header.value(), StandardCharsets.UTF_8) : "";
	}

	private static String event(String volume, String path, Digest digest, long size) {
		return """
				{"specversion":"1.0","id":"%s@%s","source":"/receipts","type":"dev.holdfast.media.stored.v1","time":"%s",
				 "data":{"volume":"%s","path":"%s","size":%d,"digest":"%s"}}
				"""
			.formatted(path, Instant.now(), Instant.now(), volume, path, size, digest);
	}

	private static void delete(Path path) {
		run("rm", path.toString());
	}

	private static void run(String... command) {
		try {
			Process process = new ProcessBuilder(command).inheritIO().start();
			assertThat(process.waitFor()).as("%s", List.of(command)).isZero();
		}
		catch (IOException ex) {
			throw new AssertionError("Could not run " + List.of(command), ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new AssertionError("Interrupted in " + List.of(command), ex);
		}
	}

}
