package dev.holdfast.it.never;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.holdfast.it.harness.Api.Acknowledged;
import dev.holdfast.it.harness.Bytes;
import dev.holdfast.it.harness.FaultyStore.Fault;
import dev.holdfast.it.harness.FaultyStore.Hold;
import dev.holdfast.it.harness.FaultyStore;
import dev.holdfast.it.harness.Ledger;
import dev.holdfast.it.harness.Running;
import dev.holdfast.it.harness.Stack;
import dev.holdfast.model.Topics;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Never 7: an offset committed for an event that is neither replicated, superseded, in
 * the retry lane nor dead-lettered.
 */
class NoOffsetBeforeItsOutcomeIT {

	private static final int FILES = 120;

	/** An upload that hangs stays one, and does not go into the retry lane. */
	private static final String PATIENT = "--holdfast.store.socket-timeout=10m";

	@RegisterExtension
	static final Running RUNNING = Running
		.stack(() -> Stack.named("offsets").faulty().worker(Stack.SHORT_LANES, PATIENT).build());

	private final Stack stack = RUNNING.get();

	private final FaultyStore store = this.stack.faulty();

	@Test
	void oneUploadHangsWhileTheOthersOvertakeIt() throws InterruptedException {
		String hanging = "media/hanging/first.bin";
		Hold hold = new Hold();
		this.store.fault(hold.on((call) -> call.puts(hanging)));
		this.stack.api().upload(hanging, Bytes.of("hanging"));
		hold.awaitArrival();
		for (int i = 0; i < FILES; i++) {
			this.stack.api().upload("media/hanging/" + i, Bytes.random(i, 1_000));
		}
		for (int i = 0; i < FILES; i++) {
			this.stack.awaitReplicated("media/hanging/" + i);
		}

		ConsumerRecord<byte[], byte[]> event = this.stack.log()
			.records(Topics.EVENTS)
			.stream()
			.filter((record) -> key(record).equals(hanging))
			.findFirst()
			.orElseThrow();
		assertThat(committed().getOrDefault(event.partition(), 0L)).isLessThanOrEqualTo(event.offset());
		assertEveryCommittedEventHasItsOutcome();

		this.stack.worker().kill();
		hold.release();
		this.store.behave();
		this.stack.worker().up();
		this.stack.awaitReplicated(hanging);
		assertEveryCommittedEventHasItsOutcome();
	}

	@Test
	void workerIsKilledAgainAndAgainWhileTheStoreFailsNowAndThen() {
		this.store.fault(new Fault() {

			private int puts;

			@Override
			public synchronized void handle(FaultyStore.Call call, FaultyStore.Forward real)
					throws IOException, InterruptedException {
				if (call.isPut() && this.puts++ % 5 == 0) {
					call.refuse(500, "InternalError");
				}
				else {
					Fault.none().handle(call, real);
				}
			}

		});
		List<Acknowledged> acknowledged = new ArrayList<>();
		for (int round = 0; round < 4; round++) {
			for (int i = 0; i < FILES; i++) {
				acknowledged.add(this.stack.api().upload("media/killed/" + round + "/" + i, Bytes.random(i, 1_000)));
			}
			Stack.await("some of it to be done").until(() -> !committed().isEmpty());
			this.stack.worker().kill();
			assertEveryCommittedEventHasItsOutcome();
			this.stack.worker().up();
		}

		acknowledged.forEach((upload) -> this.stack.awaitReplicated(upload.file()));
		assertEveryCommittedEventHasItsOutcome();
		assertThat(Ledger.lies(this.stack)).isEmpty();
		assertThat(this.stack.log().deadLetters()).isEmpty();
	}

	/**
	 * Outcomes are read after the offsets: what was committed had its outcome before. A
	 * gap of the watcher is of no file, and its key ends with a slash.
	 */
	private void assertEveryCommittedEventHasItsOutcome() {
		Map<Integer, Long> committed = committed();
		Set<String> done = Stream
			.of(this.stack.log().ledger().stream().map((entry) -> entry.id().toString()),
					this.stack.log().records(Topics.RETRIES).stream().map(NoOffsetBeforeItsOutcomeIT::key),
					this.stack.log()
						.deadLetters()
						.stream()
						.map((letter) -> key(letter).substring(key(letter).indexOf('/') + 1)))
			.flatMap((files) -> files)
			.collect(Collectors.toSet());
		List<String> lost = this.stack.log()
			.records(Topics.EVENTS)
			.stream()
			.filter((record) -> record.offset() < committed.getOrDefault(record.partition(), 0L))
			.map(NoOffsetBeforeItsOutcomeIT::key)
			.filter((key) -> !key.endsWith("/"))
			.filter((file) -> !done.contains(file))
			.toList();
		assertThat(lost).as("committed without an outcome").isEmpty();
	}

	private Map<Integer, Long> committed() {
		return this.stack.log().committed(Stack.GROUP, Topics.EVENTS);
	}

	private static String key(ConsumerRecord<byte[], byte[]> record) {
		return new String(record.key(), StandardCharsets.UTF_8);
	}

}
