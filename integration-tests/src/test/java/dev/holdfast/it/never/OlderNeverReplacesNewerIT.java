package dev.holdfast.it.never;

import java.util.List;

import dev.holdfast.it.harness.Api.Acknowledged;
import dev.holdfast.it.harness.Bytes;
import dev.holdfast.it.harness.FaultyStore.Hold;
import dev.holdfast.it.harness.FaultyStore;
import dev.holdfast.it.harness.Ledger;
import dev.holdfast.it.harness.Part;
import dev.holdfast.it.harness.Stack;
import dev.holdfast.model.Replicated;
import dev.holdfast.model.Version;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.holdfast.it.harness.Running;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Never 4: an older version over a newer one, not even from a worker that lost its
 * partition while it uploaded and does not know it.
 */
@Tag("endurance")
class OlderNeverReplacesNewerIT {

	private static final String SESSION = "--spring.kafka.consumer.properties.session.timeout.ms=6000";

	private static final String HEARTBEAT = "--spring.kafka.consumer.properties.heartbeat.interval.ms=1000";

	@RegisterExtension
	static final Running RUNNING = Running
		.stack(() -> Stack.named("fencing").withoutWorker().worker(SESSION, HEARTBEAT).build());

	private static FaultyStore store;

	private final Stack stack = RUNNING.get();

	@BeforeAll
	static void putAProxyBeforeTheStore() {
		store = FaultyStore.before(RUNNING.get().s3Uri());
	}

	@AfterAll
	static void removeIt() {
		store.close();
	}

	@BeforeEach
	@AfterEach
	void stopWorkers() {
		store.behave();
		this.stack.parts().stream().filter((part) -> part.name().startsWith("worker")).forEach(Part::kill);
	}

	/**
	 * The first worker is frozen while its upload is on the way. The second one gets its
	 * partition and replicates the newer version. Then the late upload arrives at the
	 * store, and the first worker wakes up and goes on where it was.
	 */
	@ParameterizedTest
	@CsvSource({ "new file, false, 20000", "known file, true, 20000", "large new file, false, 40000000",
			"large known file, true, 40000000" })
	void workerIsFrozenInMidUpload(String name, boolean known, int size) throws InterruptedException {
		String file = "media/fencing/" + name.replace(' ', '-');
		Part frozen = this.stack.addWorker("worker-frozen-" + name.replace(' ', '-'), store.uri());
		frozen.up();
		if (known) {
			this.stack.api().upload(file, Bytes.random(0, size));
			this.stack.awaitReplicated(file);
		}
		Hold late = new Hold();
		store.fault(late.on((call) -> size < 1_000_000 ? call.puts(file)
				: call.method().equals("POST") && call.path().endsWith(file) && call.query().contains("uploadId=")));

		Acknowledged older = this.stack.api().upload(file, Bytes.random(1, size));
		late.awaitArrival();
		frozen.freeze();
		Acknowledged newer = this.stack.api().upload(file, Bytes.random(2, size));
		Part second = this.stack.addWorker("worker-second-" + name.replace(' ', '-'), this.stack.s3Uri());
		second.up();
		this.stack.awaitReplicated(file);
		int answer = late.releaseAndAwaitStatus();
		frozen.thaw();

		assertThat(answer).as("the store's answer to the late upload").isIn(409, 412, 404);
		Stack.await("the thawed worker to do its share again").until(() -> roundTrip(frozen, second, file));
		assertThat(this.stack.bucket().digest(file)).hasValue(newer.digest());
		assertThat(versionsInLedger(file)).as("versions in the ledger, in order")
			.isSorted()
			.endsWith(newer.version())
			.doesNotContain(older.version());
		assertThat(Ledger.lies(this.stack)).isEmpty();
	}

	/** With the second worker gone, whatever is replicated now was by the first. */
	private boolean roundTrip(Part thawed, Part second, String file) {
		second.kill();
		assertThat(thawed.isAlive()).isTrue();
		this.stack.api().upload(file + ".after", Bytes.of("after"));
		this.stack.awaitReplicated(file + ".after");
		return true;
	}

	private List<Version> versionsInLedger(String file) {
		return this.stack.log()
			.replicated()
			.stream()
			.filter((record) -> record.id().toString().equals(file))
			.map(Replicated::version)
			.toList();
	}

}
