package dev.holdfast.it.never;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.holdfast.it.harness.Api.Acknowledged;
import dev.holdfast.it.harness.Bytes;
import dev.holdfast.it.harness.FaultyStore;
import dev.holdfast.it.harness.FaultyStore.Call;
import dev.holdfast.it.harness.FaultyStore.Hold;
import dev.holdfast.it.harness.Ledger;
import dev.holdfast.it.harness.Part;
import dev.holdfast.it.harness.Running;
import dev.holdfast.it.harness.Stack;
import dev.holdfast.model.Replicated;
import dev.holdfast.model.Version;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Never 4: an older version over a newer one, not even from a worker that lost its
 * partition while it uploaded and does not know it.
 */
class OlderNeverReplacesNewerIT {

	private static final String SESSION = "--spring.kafka.consumer.properties.session.timeout.ms=6000";

	private static final String HEARTBEAT = "--spring.kafka.consumer.properties.heartbeat.interval.ms=1000";

	/** The first worker waits for its answers for as long as it is frozen. */
	private static final String PATIENT = "--holdfast.store.socket-timeout=10m";

	@RegisterExtension
	static final Running RUNNING = Running
		.stack(() -> Stack.named("fencing").faulty().worker(SESSION, HEARTBEAT, PATIENT).build());

	private final Stack stack = RUNNING.get();

	private final FaultyStore store = this.stack.faulty();

	/** An upload that will come late. */
	private enum Late {

		NEW_FILE(false, 20_000), KNOWN_FILE(true, 20_000), LARGE_NEW_FILE(false, 40_000_000),
		LARGE_KNOWN_FILE(true, 40_000_000),
		/**
		 * Its newer version has the bytes, and so the entity tag, of the one it had
		 * first.
		 */
		CHANGED_BACK(true, 20_000), LARGE_CHANGED_BACK(true, 40_000_000);

		private final boolean known;

		private final int size;

		Late(boolean known, int size) {
			this.known = known;
			this.size = size;
		}

		String file() {
			return "media/fencing/" + name();
		}

		byte[] content(int seed) {
			boolean back = seed == 2 && name().endsWith("CHANGED_BACK");
			return Bytes.random(back ? 0 : seed, this.size);
		}

		/** The request after which the bytes would be there. */
		boolean isLast(Call call) {
			boolean completes = call.method().equals("POST") && call.path().endsWith(file())
					&& call.query().contains("uploadId=");
			boolean puts = call.puts(file()) && !call.query().contains("partNumber=");
			return completes || (puts && this.known == call.exchange().getRequestHeaders().containsKey("If-Match"));
		}

	}

	/**
	 * The first worker is frozen while its uploads are on the way. The second one gets
	 * its partitions and replicates the newer versions. Then the late uploads arrive at
	 * the store, and the first worker wakes up and goes on where it was.
	 */
	@Test
	void workerIsFrozenInMidUpload() throws InterruptedException {
		Part frozen = this.stack.worker();
		known();
		Map<Late, Hold> late = each((_) -> new Hold());
		this.store.fault((call, real) -> Stream.of(Late.values())
			.filter((upload) -> upload.isLast(call))
			.findFirst().<FaultyStore.Fault>map(late::get).orElseGet(FaultyStore.Fault::none).handle(call, real));
		Map<Late, Acknowledged> older = each((upload) -> this.stack.api().upload(upload.file(), upload.content(1)));
		for (Hold upload : late.values()) {
			upload.awaitArrival();
		}

		frozen.freeze();
		Map<Late, Acknowledged> newer = each((upload) -> this.stack.api().upload(upload.file(), upload.content(2)));
		Part second = this.stack.addWorker("worker-second", this.stack.s3Uri());
		second.up();
		newer.values().forEach((upload) -> this.stack.awaitReplicated(upload.file()));
		for (Map.Entry<Late, Hold> upload : late.entrySet()) {
			assertThat(upload.getValue().releaseAndAwaitStatus())
				.as("the store's answer to the late %s", upload.getKey())
				.isIn(409, 412, 404);
		}
		this.stack.dismiss(second);
		frozen.thaw();

		// With the second worker gone, whatever is replicated now is by the first.
		each((upload) -> this.stack.api().upload(upload.file() + ".after", Bytes.of("after")));
		each((upload) -> upload.file() + ".after").values().forEach(this.stack::awaitReplicated);
		SoftAssertions.assertSoftly((softly) -> newer.forEach((upload, promise) -> {
			softly.assertThat(this.stack.bucket().digest(upload.file())).as("%s", upload).hasValue(promise.digest());
			softly.assertThat(versionsInLedger(upload.file()))
				.as("versions of %s in the ledger, in order", upload)
				.isSorted()
				.endsWith(promise.version())
				.doesNotContain(Objects.requireNonNull(older.get(upload)).version());
		}));
		assertThat(Ledger.lies(this.stack)).isEmpty();
	}

	private void known() {
		List<Late> known = Stream.of(Late.values()).filter((upload) -> upload.known).toList();
		known.forEach((upload) -> this.stack.api().upload(upload.file(), upload.content(0)));
		known.forEach((upload) -> this.stack.awaitReplicated(upload.file()));
	}

	private static <T> Map<Late, T> each(Function<Late, T> one) {
		return Stream.of(Late.values()).collect(Collectors.toMap(Function.identity(), one));
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
