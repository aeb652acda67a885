package dev.holdfast.it;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import dev.holdfast.it.harness.Answer;
import dev.holdfast.it.harness.Bytes;
import dev.holdfast.it.harness.Cli.Said;
import dev.holdfast.it.harness.Http;
import dev.holdfast.it.harness.Running;
import dev.holdfast.it.harness.Stack;
import dev.holdfast.model.Digest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Something overwrites every file of a volume with junk. All but the first few replicas
 * stay what they were, and a person decides. What happened while Holdfast was stopped is
 * no different: the scan finds it.
 */
class RansomwareIT {

	private static final int FILES = 500;

	/** By default: more than 100 files, and more than a tenth of them. */
	private static final int LIMIT = 100;

	@RegisterExtension
	static final Running RUNNING = Running
		.stack(() -> Stack.named("ransomware").app("--holdfast.scan.settle=100ms").build());

	private final Stack stack = RUNNING.get();

	private Instant before = Instant.EPOCH;

	@Test
	void everyFileIsOverwrittenAndAPersonDecides() throws IOException {
		allButTheFirstFewReplicasStayTheGoodBytes();
		theAlertNamesTheLastGoodMoment();
		aHoldSurvivesARestart();
		rejectingLeavesTheGoodBytesAndGivesThemBackTheirName();
		approvingReplicatesWhatIsThereThen();
	}

	private void allButTheFirstFewReplicasStayTheGoodBytes() throws IOException {
		for (int i = 0; i < FILES; i++) {
			write(i, good(i));
		}
		restart();
		this.stack.awaitAllReplicated(FILES);
		this.before = Instant.now();

		this.stack.app().terminate();
		for (int i = 0; i < FILES; i++) {
			write(i, junk(i));
		}
		this.stack.app().start();
		this.stack.app().awaitReady();

		Stack.await("the rest to be held")
			.until(() -> held().path("overwrites").asLong(), (held) -> held == FILES - LIMIT);
		write(FILES, good(FILES));
		this.stack.api().upload("media/asked-for", Bytes.of("asked for"));
		this.stack.awaitReplicated("media/asked-for");
		this.stack.awaitAllReplicated(FILES + 1);
		List<Integer> damaged = damaged();
		assertThat(damaged).as("replicas with junk").hasSize(LIMIT);
		for (int i : damaged) {
			assertThat(this.stack.bucket().versions(key(i))).as("versions, the good one among them").isEqualTo(2);
		}
	}

	private void theAlertNamesTheLastGoodMoment() throws IOException {
		JsonNode hold = held();
		assertThat(hold.path("holds").asString()).isEqualTo("deletes-and-overwrites");
		assertThat(hold.path("reason").asString()).contains("more than 100 files");
		assertThat(hold.path("examples").path("overwrites").size()).isEqualTo(10);
		Instant lastGood = Instant.parse(hold.path("lastGood").path("at").asString());
		assertThat(lastGood).isAfter(this.before).isBefore(Instant.parse(hold.path("since").asString()));
		assertThat(hold.path("lastGood").path("topic").asString()).isEqualTo("media.events");
		long published = hold.path("lastGood").path("positions").valueStream().mapToLong(JsonNode::asLong).sum();
		assertThat(published).as("what was published by then: the good files, and none of the junk")
			.isBetween((long) FILES, FILES + 20L);

		JsonNode whole = this.stack.api().json("/actuator/health");
		assertThat(whole.path("status").asString()).isEqualTo("DEGRADED");
		JsonNode health = whole.path("components").path("holds");
		assertThat(health.path("status").asString()).isEqualTo("DEGRADED");
		assertThat(health.path("details").path("media").asString()).contains("last good moment " + lastGood);
		assertThat(Http.send(this.stack.api().request("/actuator/prometheus").GET()).text())
			.contains("holdfast_holds 1.0", "holdfast_held{change=\"overwrite\"} 400.0");
		assertThat(this.stack.app().log()).contains("Changes of a volume are held", lastGood.toString());
		assertThat(this.stack.api().status("media/" + name(damagedOnVolumeOnly())).path("held").asString())
			.isEqualTo("overwrite");
	}

	private void aHoldSurvivesARestart() {
		restart();
		assertThat(held().path("overwrites").asLong()).isEqualTo(FILES - LIMIT);
		this.stack.awaitAllReplicated(FILES + 1);
		assertThat(damaged()).hasSize(LIMIT);
	}

	private void rejectingLeavesTheGoodBytesAndGivesThemBackTheirName() throws IOException {
		Said dry = this.stack.cli().run("deletes", "reject", "--dry-run", "--json");
		assertThat(dry.json().path("overwrites").asLong()).as(dry.text()).isEqualTo(FILES - LIMIT);
		assertThat(held().path("overwrites").asLong()).as("a dry run decides nothing").isEqualTo(FILES - LIMIT);

		Said rejected = this.stack.cli().run("deletes", "reject");
		assertThat(rejected.code()).as(rejected.text()).isZero();
		assertThat(volume().path("rejected").asLong()).isEqualTo(FILES - LIMIT);
		restart();
		this.stack.awaitAllReplicated(FILES + 1);
		assertThat(damaged()).hasSize(LIMIT);
		assertThat(decision("reject").status()).as("nothing is held any more").isEqualTo(409);

		int file = damagedOnVolumeOnly();
		write(file, good(file));
		restart();
		Stack.await("the file to be what it was")
			.until(() -> volume().path("rejected").asLong(), (left) -> left == FILES - LIMIT - 1);
		assertThat(this.stack.api().status("media/" + name(file)).path("held").isNull()).isTrue();
	}

	private void approvingReplicatesWhatIsThereThen() throws IOException {
		this.stack.app().terminate();
		for (int i = 0; i < FILES; i++) {
			write(i, meant(i));
		}
		this.stack.app().start();
		this.stack.app().awaitReady();
		Stack.await("a hold").until(() -> held().isObject());
		Stack.await("the scan to be over")
			.until(() -> this.stack.api().status().at("/volumes/0/scan/state").asString(), "done"::equals);

		decide("approve");
		Stack.await("all to be recorded").until(() -> volume().isMissingNode());
		this.stack.awaitAllReplicated(FILES + 1);
		for (int i = 0; i < FILES; i++) {
			assertThat(this.stack.bucket().digest(key(i))).hasValue(Digest.of(meant(i)));
		}
	}

	private void restart() {
		this.stack.app().terminate();
		this.stack.app().start();
		this.stack.app().awaitReady();
		Stack.await("the scan to be over")
			.until(() -> this.stack.api().status().at("/volumes/0/scan/state").asString(), "done"::equals);
	}

	private JsonNode volume() {
		return this.stack.api().json("/api/v1/holds").path("volumes").path(0);
	}

	private JsonNode held() {
		return volume().path("hold");
	}

	private void decide(String decision) throws IOException {
		Answer answer = decision(decision);
		assertThat(answer.status()).as("%s", answer).isEqualTo(200);
	}

	private Answer decision(String decision) throws IOException {
		return Http.send(
				this.stack.api().request("/api/v1/holds/media/" + decision).POST(HttpRequest.BodyPublishers.noBody()));
	}

	private List<Integer> damaged() {
		List<Integer> damaged = new ArrayList<>();
		for (int i = 0; i < FILES; i++) {
			Digest digest = this.stack.bucket().digest(key(i)).orElseThrow();
			if (!digest.equals(Digest.of(good(i)))) {
				assertThat(digest).isEqualTo(Digest.of(junk(i)));
				damaged.add(i);
			}
		}
		return damaged;
	}

	private int damagedOnVolumeOnly() {
		List<Integer> damaged = damaged();
		for (int i = 0; i < FILES; i++) {
			if (!damaged.contains(i)) {
				return i;
			}
		}
		throw new AssertionError("All replicas are damaged");
	}

	private void write(int number, byte[] content) throws IOException {
		Path file = this.stack.volume().resolve(name(number));
		Files.createDirectories(this.stack.volume().resolve("d"));
		Files.write(file, content);
	}

	private static String name(int number) {
		return "d/" + number;
	}

	private static String key(int number) {
		return "media/" + name(number);
	}

	private static byte[] good(int number) {
		return Bytes.random(number, 300);
	}

	private static byte[] junk(int number) {
		return Bytes.random(10_000 + number, 316);
	}

	private static byte[] meant(int number) {
		return Bytes.random(20_000 + number, 310);
	}

}
