package dev.holdfast.it.never;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import dev.holdfast.it.harness.Api.Acknowledged;
import dev.holdfast.it.harness.Bytes;
import dev.holdfast.it.harness.FaultyStore.Call;
import dev.holdfast.it.harness.FaultyStore.Fault;
import dev.holdfast.it.harness.FaultyStore;
import dev.holdfast.it.harness.Ledger;
import dev.holdfast.it.harness.Running;
import dev.holdfast.it.harness.Stack;
import dev.holdfast.model.Replicated;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Never 2: a {@code Replicated} record for bytes that are not in the store with that
 * digest.
 */
class ReplicatedIsTrueIT {

	private static final int SMALL = 20_000;

	private static final int MULTIPART = 40_000_000;

	@RegisterExtension
	static final Running RUNNING = Running.shared(Running.Shared.FAULTY);

	private final Stack stack = RUNNING.get();

	private final FaultyStore store = this.stack.faulty();

	private int deadLettersBefore;

	@BeforeEach
	void countWhatIsThere() {
		this.deadLettersBefore = this.stack.log().deadLetters().size();
	}

	@AfterEach
	void everyRecordIsTrue() {
		this.store.behave();
		assertThat(Ledger.lies(this.stack)).isEmpty();
		assertThat(this.stack.log().deadLetters()).hasSize(this.deadLettersBefore);
	}

	@Test
	void storeSaysYesAndKeepsNothing() throws InterruptedException {
		pretends("media/pretended.bin", Map.of());
	}

	@Test
	void storeSaysYesForOtherBytes() throws InterruptedException {
		pretends("media/other.bin",
				Map.of("etag", List.of("\"0123456789abcdef0123456789abcdef\""), "x-amz-version-id", List.of("1"),
						"x-amz-checksum-sha256", List.of("47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="),
						"x-amz-checksum-type", List.of("FULL_OBJECT")));
	}

	private void pretends(String file, Map<String, List<String>> headers) throws InterruptedException {
		CountDownLatch asked = new CountDownLatch(3);
		Fault pretend = Fault.pretend(headers);
		this.store.fault(((Fault) (call, real) -> {
			asked.countDown();
			pretend.handle(call, real);
		}).on((call) -> call.puts(file)));

		this.stack.api().upload(file, Bytes.random(1, SMALL));

		assertThat(asked.await(Stack.PATIENCE.toSeconds(), TimeUnit.SECONDS)).as("attempts are made until one is true")
			.isTrue();
		assertThat(this.stack.log().replicated()).extracting((record) -> record.id().toString()).doesNotContain(file);
		assertThat(this.stack.api().state(file)).isIn("pending", "retrying");
		this.store.behave();
		awaitInStore(file, SMALL);
	}

	@ParameterizedTest
	@ValueSource(ints = { SMALL, MULTIPART })
	void bytesAreDamagedOnTheirWay(int size) {
		String file = "media/damaged-" + size + ".bin";
		this.store.fault(Fault.damage().times(2).on((call) -> call.puts(file)));

		upload(file, size);

		awaitInStore(file, size);
		assertThat(this.stack.bucket().versions(file)).as("versions, damaged ones included").isEqualTo(1);
	}

	@Test
	void bytesAreCutShortOnTheirWay() {
		String file = "media/truncated.bin";
		this.store.fault(Fault.truncate().times(2).on((call) -> call.puts(file)));

		upload(file, SMALL);

		awaitInStore(file, SMALL);
		assertThat(this.stack.bucket().versions(file)).as("versions, truncated ones included").isEqualTo(1);
	}

	@ParameterizedTest
	@ValueSource(ints = { SMALL, MULTIPART })
	void answerIsLost(int size) {
		String file = "media/unanswered-" + size + ".bin";
		this.store.fault(
				Fault.loseAnswer().times(2).on((call) -> call.path().endsWith(file) && !call.method().equals("HEAD")));

		upload(file, size);

		awaitInStore(file, size);
	}

	@Test
	void completionOfAMultipartUploadFailsWithStatus200() {
		String file = "media/incomplete.bin";
		this.store.fault(((Fault) (call, real) -> call.refuse(200, "InternalError")).times(2)
			.on((call) -> completes(call, file)));

		upload(file, MULTIPART);

		awaitInStore(file, MULTIPART);
	}

	@Test
	void storeFailsNowAndThen() {
		this.store.fault(new Fault() {

			private int calls;

			@Override
			public synchronized void handle(Call call, FaultyStore.Forward real)
					throws IOException, InterruptedException {
				switch (this.calls++ % 7) {
					case 1 -> call.refuse(500, "InternalError");
					case 3 -> Fault.loseAnswer().handle(call, real);
					case 5 -> call.hangUp();
					default -> Fault.none().handle(call, real);
				}
			}

		}.on((call) -> call.path().contains("/flaky/")));
		for (int i = 0; i < 60; i++) {
			upload("media/flaky/" + i, 100 * i);
		}

		for (int i = 0; i < 60; i++) {
			awaitInStore("media/flaky/" + i, 100 * i);
		}
	}

	private static boolean completes(Call call, String file) {
		return call.method().equals("POST") && call.path().endsWith(file) && call.query().contains("uploadId=");
	}

	private void upload(String file, int size) {
		Acknowledged acknowledged = this.stack.api().upload(file, Bytes.random(1, size));
		assertThat(acknowledged.size()).isEqualTo(size);
	}

	private void awaitInStore(String file, int size) {
		this.stack.awaitReplicated(file);
		assertThat(this.stack.bucket().bytes(file)).as("bytes of " + file).hasValue(Bytes.random(1, size));
		assertThat(this.stack.log().replicated()).extracting(Replicated::objectKey).contains(file);
	}

}
