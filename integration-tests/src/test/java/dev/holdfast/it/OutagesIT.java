package dev.holdfast.it;

import java.util.ArrayList;
import java.util.List;

import dev.holdfast.it.harness.Api.Acknowledged;
import dev.holdfast.it.harness.Bytes;
import dev.holdfast.it.harness.Ledger;
import dev.holdfast.it.harness.Running;
import dev.holdfast.it.harness.Stack;
import dev.holdfast.it.harness.Totals;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What one depends on goes away and comes back: uploads go on, nothing becomes a dead
 * letter, and what waited is caught up with by itself.
 */
class OutagesIT {

	private static final int FILES = 40;

	@RegisterExtension
	static final Running RUNNING = Running.shared(Running.Shared.PLAIN);

	private final Stack stack = RUNNING.get();

	private int failedBefore;

	private int deadLettersBefore;

	@BeforeEach
	void countWhatIsThere() {
		this.failedBefore = this.stack.log().failed().size();
		this.deadLettersBefore = this.stack.log().deadLetters().size();
	}

	@AfterEach
	void nothingWasGivenUp() {
		assertThat(this.stack.log().deadLetters()).hasSize(this.deadLettersBefore);
		assertThat(this.stack.log().failed()).as("attempts that were held against a file").hasSize(this.failedBefore);
		assertThat(Ledger.lies(this.stack)).isEmpty();
	}

	@Test
	void storeIsAway() {
		this.stack.s3().kill();
		List<Acknowledged> acknowledged = upload("store away");
		Stack.await("the store to be seen down").until(this::storeState, "down"::equals);
		assertThat(this.stack.totals().pending()).isGreaterThanOrEqualTo(FILES);
		assertThat(oldestUnreplicated()).isTrue();

		this.stack.s3().up();

		awaitInStore(acknowledged);
		Stack.await("the store to be seen up").until(this::storeState, "up"::equals);
	}

	@Test
	void storeHangs() {
		this.stack.s3().freeze();
		List<Acknowledged> acknowledged;
		try {
			acknowledged = upload("store hangs");
			Stack.await("the store to be seen down").until(this::storeState, "down"::equals);
		}
		finally {
			this.stack.s3().thaw();
		}

		awaitInStore(acknowledged);
	}

	@Test
	void storeFlaps() {
		List<Acknowledged> acknowledged = new ArrayList<>();
		for (int i = 0; i < 3; i++) {
			this.stack.s3().kill();
			acknowledged.addAll(upload("store flaps " + i));
			this.stack.s3().up();
		}

		awaitInStore(acknowledged);
	}

	@Test
	void kafkaIsAway() {
		this.stack.broker().kill();
		List<Acknowledged> acknowledged = upload("kafka away");
		Stack.await("Kafka to be seen down")
			.until(() -> this.stack.api().status().path("kafka").path("state").asString(), "down"::equals);
		assertThat(this.stack.api().status().path("outbox").path("waiting").asInt()).isGreaterThanOrEqualTo(FILES);
		assertThat(this.stack.api().status(acknowledged.getFirst().file()).path("outbox").asBoolean()).isTrue();

		this.stack.broker().up();

		awaitInStore(acknowledged);
		awaitEmptyOutbox();
	}

	@Test
	void kafkaAndTheStoreAreAway() {
		this.stack.broker().kill();
		this.stack.s3().kill();
		List<Acknowledged> acknowledged = upload("both away");
		this.stack.s3().up();
		this.stack.broker().up();

		awaitInStore(acknowledged);
	}

	@Test
	void workerIsAway() {
		this.stack.worker().kill();
		List<Acknowledged> acknowledged = upload("worker away");
		awaitEmptyOutbox();
		assertThat(this.stack.totals().pending()).isGreaterThanOrEqualTo(FILES);

		this.stack.worker().up();

		awaitInStore(acknowledged);
	}

	@Test
	void allStopAndStartAgain() {
		List<Acknowledged> acknowledged = upload("all stop");
		this.stack.worker().terminate();
		this.stack.app().terminate();
		this.stack.broker().terminate();
		this.stack.s3().terminate();
		this.stack.up();

		awaitInStore(acknowledged);
	}

	private List<Acknowledged> upload(String directory) {
		List<Acknowledged> acknowledged = new ArrayList<>();
		for (int i = 0; i < FILES; i++) {
			acknowledged.add(this.stack.api().upload("media/" + directory + "/" + i, Bytes.random(i, 700 * i)));
		}
		return acknowledged;
	}

	private void awaitInStore(List<Acknowledged> acknowledged) {
		acknowledged.forEach((upload) -> this.stack.awaitReplicated(upload.file()));
		assertThat(acknowledged)
			.allSatisfy((upload) -> assertThat(this.stack.bucket().digest(upload.file())).hasValue(upload.digest()));
		assertThat(this.stack.totals()).matches(Totals::addUp);
	}

	private void awaitEmptyOutbox() {
		Stack.await("the events to be published")
			.until(() -> this.stack.api().status().path("outbox").path("waiting").asInt(), Integer.valueOf(0)::equals);
	}

	private String storeState() {
		return this.stack.api().status().path("stores").path(0).path("state").asString();
	}

	private boolean oldestUnreplicated() {
		JsonNode age = this.stack.api().status().path("oldestUnreplicatedAgeSeconds");
		return age.isNumber();
	}

}
