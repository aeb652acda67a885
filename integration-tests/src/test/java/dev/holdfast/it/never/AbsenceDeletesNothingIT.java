package dev.holdfast.it.never;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

import dev.holdfast.it.harness.Answer;
import dev.holdfast.it.harness.Bytes;
import dev.holdfast.it.harness.Running;
import dev.holdfast.it.harness.Stack;
import dev.holdfast.model.LedgerRecord;
import dev.holdfast.model.MediaDeleted;
import dev.holdfast.model.ReplicaRemoved;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Never 3: a replica deleted because a volume was empty, unmounted, swapped, or mid-scan.
 */
class AbsenceDeletesNothingIT {

	private static final int FILES = 12;

	@RegisterExtension
	static final Running RUNNING = Running.shared(Running.Shared.PLAIN);

	private final Stack stack = RUNNING.get();

	private String directory = "";

	@BeforeEach
	void uploadFiles(TestInfo test) {
		this.directory = "media/" + test.getTestMethod().orElseThrow().getName() + "/";
		for (int i = 0; i < FILES; i++) {
			this.stack.api().upload(this.directory + i, Bytes.random(i, 500));
		}
		for (int i = 0; i < FILES; i++) {
			this.stack.awaitReplicated(this.directory + i);
		}
	}

	@AfterEach
	void everyReplicaIsStillThere() {
		for (int i = 0; i < FILES; i++) {
			assertThat(this.stack.bucket().bytes(this.directory + i)).hasValue(Bytes.random(i, 500));
		}
	}

	@Test
	void volumeIsEmptyAtStart() throws IOException {
		this.stack.app().terminate();
		this.stack.worker().terminate();
		try (Stream<Path> entries = Files.list(this.stack.volume())) {
			for (Path entry : entries.filter((path) -> !path.endsWith(".holdfast")).toList()) {
				clear(entry);
			}
		}
		this.stack.up();
		settle();

		assertNothingWasDeleted();
	}

	@Test
	void volumeIsNotMounted() throws IOException, InterruptedException {
		whileTheVolumeIsAnother(List.of());
	}

	@Test
	void volumeIsSwappedForAnother() throws IOException, InterruptedException {
		whileTheVolumeIsAnother(List.of("{\"volume\":\"media\",\"id\":\"11111111-2222-4333-8444-555555555555\","
				+ "\"created\":\"2026-01-01T00:00:00Z\"}"));
	}

	private void whileTheVolumeIsAnother(List<String> marker) throws IOException {
		Path volume = this.stack.volume();
		Path away = volume.resolveSibling("media.away");
		this.stack.app().terminate();
		this.stack.worker().terminate();
		Files.move(volume, away);
		Files.createDirectories(volume.resolve(".holdfast"));
		for (String content : marker) {
			Files.writeString(volume.resolve(".holdfast/volume.json"), content);
		}
		if (marker.isEmpty()) {
			Files.delete(volume.resolve(".holdfast"));
		}
		try {
			this.stack.app().start();
			this.stack.worker().start();
			Stack.await("a volume that is not the known one to be refused")
				.ignoreExceptionsInstanceOf(IOException.class)
				.untilAsserted(() -> assertThat(this.stack.api().put(this.directory + "new", Bytes.of("x")).status())
					.isEqualTo(503));
			Answer delete = this.stack.api().delete(this.directory + 0);
			assertThat(delete.status()).as("%s", delete).isEqualTo(503);
			assertNothingWasDeleted();
		}
		finally {
			this.stack.app().kill();
			this.stack.worker().kill();
			clear(volume);
			Files.move(away, volume);
		}
		this.stack.up();
		settle();
		assertThat(this.stack.api().get(this.directory + 0).status()).isEqualTo(200);
		assertNothingWasDeleted();
	}

	@Test
	void aPersonDeletesOneFileAndOnlyThatGoes() throws IOException {
		String file = "media/deleted/on purpose.txt";
		String neighbour = "media/deleted/on purpose.txt.bak";
		this.stack.api().upload(file, Bytes.of("one"));
		this.stack.api().upload(neighbour, Bytes.of("two"));
		this.stack.awaitReplicated(file);
		this.stack.awaitReplicated(neighbour);

		assertThat(this.stack.api().delete(file).status()).isEqualTo(204);

		Stack.await("the replica to be hidden").until(() -> this.stack.bucket().bytes(file).isEmpty());
		assertThat(this.stack.bucket().versions(file)).as("versions that can be restored").isEqualTo(1);
		assertThat(this.stack.bucket().bytes(neighbour)).hasValue(Bytes.of("two"));
		Stack.await("the ledger to say what became of it")
			.untilAsserted(() -> assertThat(this.stack.log().ledger()).filteredOn(ReplicaRemoved.class::isInstance)
				.filteredOn((entry) -> entry.id().toString().equals(file))
				.extracting((entry) -> ((ReplicaRemoved) entry).disposition())
				.containsExactly(ReplicaRemoved.Disposition.DELETE_MARKER));
	}

	@Test
	void deletingWhatWasNeverThereTouchesNothing() throws IOException {
		String foreign = "media/foreign/kept.txt";
		this.stack.bucket().put(foreign, Bytes.of("not ours"));

		assertThat(this.stack.api().delete(foreign).status()).isEqualTo(404);
		settle();

		assertThat(this.stack.bucket().bytes(foreign)).hasValue(Bytes.of("not ours"));
	}

	/** What comes after all else in the log and the volume has been dealt with. */
	private void settle() {
		String file = this.directory + "settled-" + System.nanoTime();
		this.stack.api().upload(file, Bytes.of("settled"));
		this.stack.awaitReplicated(file);
	}

	private void assertNothingWasDeleted() {
		assertThat(this.stack.log().events()).filteredOn(MediaDeleted.class::isInstance)
			.extracting((event) -> ((MediaDeleted) event).id().toString())
			.noneMatch((file) -> file.startsWith(this.directory));
		assertThat(this.stack.log().ledger()).filteredOn(ReplicaRemoved.class::isInstance)
			.extracting(LedgerRecord::id)
			.noneMatch((id) -> id.toString().startsWith(this.directory));
	}

	private static void clear(Path directory) throws IOException {
		try (Stream<Path> tree = Files.walk(directory)) {
			for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
				Files.delete(path);
			}
		}
	}

}
