package dev.holdfast.it.never;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.holdfast.it.harness.Answer;
import dev.holdfast.it.harness.Api.Acknowledged;
import dev.holdfast.it.harness.Bytes;
import dev.holdfast.it.harness.Ledger;
import dev.holdfast.it.harness.Running;
import dev.holdfast.it.harness.Stack;
import dev.holdfast.model.Digest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Never 5: a partly written file served, replicated or restored.
 */
class PartlyWrittenIsNeverSeenIT {

	@RegisterExtension
	static final Running RUNNING = Running.shared(Running.Shared.PLAIN);

	private final Stack stack = RUNNING.get();

	@Test
	void clientGoesAwayInMidBody() throws IOException {
		String file = "media/partly/gone.bin";
		try (Socket client = beginUpload(file, 5_000_000)) {
			client.getOutputStream().write(Bytes.random(1, 2_500_000));
			awaitSomethingInStaging();
		}

		Stack.await("nothing half-written to remain").until(() -> staged().isEmpty());
		assertNeverSeen(file);
	}

	@Test
	void clientGoesAwayWhileItReplacesAFile() throws IOException {
		String file = "media/partly/replaced.bin";
		byte[] whole = Bytes.random(7, 100_000);
		this.stack.api().upload(file, whole);
		try (Socket client = beginUpload(file, 5_000_000)) {
			client.getOutputStream().write(Bytes.random(1, 2_500_000));
			awaitSomethingInStaging();
			assertThat(this.stack.api().get(file).body()).isEqualTo(whole);
		}

		Stack.await("nothing half-written to remain").until(() -> staged().isEmpty());
		assertThat(this.stack.api().get(file).body()).isEqualTo(whole);
		this.stack.awaitReplicated(file);
		assertThat(this.stack.bucket().bytes(file)).hasValue(whole);
	}

	@Test
	void serverIsKilledInMidBody() throws IOException {
		String file = "media/partly/killed.bin";
		try (Socket client = beginUpload(file, 5_000_000)) {
			client.getOutputStream().write(Bytes.random(1, 2_500_000));
			awaitSomethingInStaging();
			this.stack.app().kill();
		}
		this.stack.app().up();

		Stack.await("start-up to clear away what was half-written").until(() -> staged().isEmpty());
		assertNeverSeen(file);
	}

	@Test
	void readersOfAFileThatIsReplacedAgainAndAgainSeeOneOrTheOther() throws Exception {
		String file = "media/partly/busy.bin";
		Map<Digest, Integer> contents = Stream.of(1, 2, 3, 4)
			.collect(Collectors.toMap((seed) -> Digest.of(content(seed)), (seed) -> content(seed).length));
		this.stack.api().upload(file, content(1));
		AtomicBoolean writing = new AtomicBoolean(true);
		try (ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
			List<Future<Integer>> readers = Stream.generate(() -> pool.submit(reader(file, contents, writing)))
				.limit(3)
				.toList();
			Acknowledged last = null;
			for (int i = 0; i < 60; i++) {
				last = this.stack.api().upload(file, content(1 + i % 4));
			}
			writing.set(false);
			for (Future<Integer> reads : readers) {
				assertThat(reads.get()).as("whole reads").isPositive();
			}
			this.stack.awaitReplicated(file);
			assertThat(this.stack.bucket().digest(file)).hasValue(Objects.requireNonNull(last).digest());
		}
		assertThat(Ledger.lies(this.stack)).isEmpty();
	}

	private Callable<Integer> reader(String file, Map<Digest, Integer> contents, AtomicBoolean writing) {
		return () -> {
			int reads = 0;
			do {
				Answer answer = this.stack.api().get(file);
				assertThat(answer.status()).isEqualTo(200);
				Digest digest = Digest.of(answer.body());
				assertThat(contents).containsEntry(digest, answer.body().length);
				assertThat(answer.header("etag")).hasValue('"' + digest.hex() + '"');
				reads++;
			}
			while (writing.get());
			return reads;
		};
	}

	private static byte[] content(int seed) {
		return Bytes.random(seed, 50_000 * seed);
	}

	private Socket beginUpload(String file, int length) throws IOException {
		Socket socket = new Socket(this.stack.api().base().getHost(), this.stack.api().base().getPort());
		OutputStream out = socket.getOutputStream();
		out.write(("PUT /api/v1/media/" + file + " HTTP/1.1\r\nHost: holdfast\r\nAuthorization: Bearer "
				+ this.stack.api().token() + "\r\nContent-Length: " + length + "\r\n\r\n")
			.getBytes(StandardCharsets.US_ASCII));
		return socket;
	}

	private void awaitSomethingInStaging() {
		Stack.await("the upload to be under way").until(() -> !staged().isEmpty());
	}

	/** What is being written on the volume and has no name yet. */
	private List<Path> staged() {
		Path staging = this.stack.volume().resolve(".holdfast").resolve("tmp");
		try (Stream<Path> files = Files.list(staging)) {
			return files.toList();
		}
		catch (IOException | UncheckedIOException _) {
			// A file that went away while the directory was read.
			return List.of(staging);
		}
	}

	private void assertNeverSeen(String file) throws IOException {
		assertThat(this.stack.api().get(file).status()).isEqualTo(404);
		this.stack.api().upload(file + ".next", Bytes.of("next"));
		this.stack.awaitReplicated(file + ".next");
		assertThat(this.stack.log().stored()).extracting((event) -> event.id().toString()).doesNotContain(file);
		assertThat(this.stack.bucket().keys()).doesNotContain(file);
	}

}
