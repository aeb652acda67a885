package dev.holdfast.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import dev.holdfast.it.harness.Bytes;
import dev.holdfast.it.harness.Distribution;
import dev.holdfast.it.harness.Running;
import dev.holdfast.it.harness.Stack;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A bucket that keeps no versions: what a delete does to a replica there cannot be
 * undone, and each volume's policy says whether it is done.
 */
class UnversionedBucketIT {

	private static final Path WORK = directory();

	@RegisterExtension
	static final Running RUNNING = Running.stack(() -> Stack.named("unversioned")
		.unversioned()
		.app(volume("binned"), volume("kept"))
		.worker(volume("binned"), volume("kept"), "--holdfast.deletes.policy.binned=trash", Stack.SHORT_LANES)
		.build());

	private final Stack stack = RUNNING.get();

	@Test
	void eachVolumesPolicyDecidesWhatADeleteDoes() throws IOException {
		List<String> files = List.of("media/ä b/gone.png", "binned/ä b/gone.png", "kept/ä b/gone.png");
		for (int i = 0; i < files.size(); i++) {
			this.stack.api().upload(files.get(i), Bytes.random(i, 3_000));
			this.stack.awaitReplicated(files.get(i));
		}
		this.stack.api().upload("media/stays", Bytes.of("stays"));
		this.stack.awaitReplicated("media/stays");

		for (String file : files) {
			assertThat(this.stack.api().delete(file).status()).isEqualTo(204);
		}

		awaitDisposition("media/ä b/gone.png", "removed");
		awaitDisposition("binned/ä b/gone.png", "trashed");
		awaitDisposition("kept/ä b/gone.png", "kept");
		assertThat(this.stack.bucket().bytes("media/stays")).hasValue(Bytes.of("stays"));
		List<String> left = this.stack.bucket().keys().stream().filter((key) -> key.endsWith("/gone.png")).toList();
		assertThat(left).hasSize(2).contains("kept/ä b/gone.png");
		String trashed = left.getFirst();
		assertThat(trashed).startsWith(".holdfast-trash/").endsWith("/binned/ä b/gone.png");
		assertThat(this.stack.bucket().bytes(trashed)).hasValue(Bytes.random(1, 3_000));
		assertThat(this.stack.bucket().bytes("kept/ä b/gone.png")).hasValue(Bytes.random(2, 3_000));
		assertThat(this.stack.log().deadLetters()).isEmpty();
	}

	@Test
	void aFileThatComesBackIsReplicatedAgainAndItsTrashStays() throws IOException {
		String file = "binned/comes-back";
		this.stack.api().upload(file, Bytes.of("first"));
		this.stack.awaitReplicated(file);
		assertThat(this.stack.api().delete(file).status()).isEqualTo(204);
		awaitDisposition(file, "trashed");

		this.stack.api().upload(file, Bytes.of("second"));
		this.stack.awaitReplicated(file);

		assertThat(this.stack.bucket().bytes(file)).hasValue(Bytes.of("second"));
		assertThat(this.stack.bucket().keys()).filteredOn((key) -> key.endsWith("/binned/comes-back"))
			.singleElement()
			.satisfies((key) -> assertThat(this.stack.bucket().bytes(key)).hasValue(Bytes.of("first")));
	}

	private void awaitDisposition(String file, String disposition) {
		Stack.await(file + " to be " + disposition)
			.until(() -> this.stack.api().status(file).at("/replicas/0/disposition").asString(""), disposition::equals);
	}

	private static String volume(String name) {
		try {
			return "--holdfast.volumes." + name + "=" + Files.createDirectories(WORK.resolve(name));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static Path directory() {
		try {
			return Files.createTempDirectory(Files.createDirectories(Distribution.work()), "unversioned-volumes-");
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
