package dev.holdfast.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

import dev.holdfast.it.harness.Bytes;
import dev.holdfast.it.harness.Http;
import dev.holdfast.it.harness.Running;
import dev.holdfast.it.harness.Stack;
import dev.holdfast.model.MediaDeleted;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Whatever befalls a volume, the bucket keeps every object, although the policy is to let
 * replicas go with their files. Each test leaves the volume as it was.
 */
class DeletesByEvidenceIT {

	private static final int FILES = 40;

	private static final String MARKER = ".holdfast/volume.json";

	private static final String OTHER = "{\"volume\":\"media\",\"id\":\"11111111-2222-4333-8444-555555555555\","
			+ "\"created\":\"2026-01-01T00:00:00Z\"}";

	@RegisterExtension
	static final Running RUNNING = Running
		.stack(() -> Stack.named("evidence").deletes("mirror").app("--holdfast.scan.settle=100ms").build());

	private final Stack stack = RUNNING.get();

	private final Path root = this.stack.volume();

	private final Path away = this.root.resolveSibling("media.away");

	private String directory = "";

	@BeforeEach
	void uploadFiles(TestInfo test) {
		this.directory = test.getTestMethod().orElseThrow().getName() + "/";
		for (int i = 0; i < FILES; i++) {
			this.stack.api().upload("media/" + this.directory + i, Bytes.random(i, 500));
		}
		for (int i = 0; i < FILES; i++) {
			this.stack.awaitReplicated("media/" + this.directory + i);
		}
	}

	@AfterEach
	void everyReplicaIsThereAndNothingWasDeleted() {
		Stack.await("the volume to be available again").until(() -> volumeState(), "available"::equals);
		String last = "media/" + this.directory + "last";
		this.stack.api().upload(last, Bytes.of("after all that"));
		this.stack.awaitReplicated(last);
		for (int i = 0; i < FILES; i++) {
			assertThat(this.stack.bucket().bytes("media/" + this.directory + i)).hasValue(Bytes.random(i, 500));
		}
		assertThat(this.stack.log().events()).filteredOn(MediaDeleted.class::isInstance).isEmpty();
	}

	private String volumeState() {
		return this.stack.api().status().at("/volumes/0/state").asString();
	}

	@Test
	void rootIsRenamedAndClearedUnderItsNewName() throws IOException {
		Files.move(this.root, this.away);
		assertRefused("is not there");
		// Whoever watches the directory and not its path sees these go.
		clear(this.away.resolve(this.directory));
		Files.move(this.away, this.root);
	}

	@Test
	void emptyDirectoryIsInItsPlace() throws IOException {
		Files.move(this.root, this.away);
		Files.createDirectory(this.root);
		assertRefused("has no marker file");
		Files.delete(this.root);
		Files.move(this.away, this.root);
	}

	@Test
	void directoryWithACopyOfTheMarkerIsInItsPlace() throws IOException {
		Files.move(this.root, this.away);
		Files.createDirectories(this.root.resolve(".holdfast"));
		Files.copy(this.away.resolve(MARKER), this.root.resolve(MARKER));
		Stack.await("another directory to be noticed")
			.until(() -> this.stack.app().log().contains("another directory has its place")
					|| !volumeState().equals("available"));
		assertThat(this.stack.app().log()).contains("another directory has its place");
		clear(this.root);
		Files.move(this.away, this.root);
	}

	@Test
	void emptyVolumeIsMountedOverIt() throws IOException, InterruptedException {
		whileMountedOver(List.of(), "has no marker file");
	}

	@Test
	void anotherVolumeIsMountedOverIt() throws IOException, InterruptedException {
		whileMountedOver(List.of(OTHER), "has another volume's marker file");
	}

	@Test
	void halfOfTheTreeIsGoneAtStart() throws IOException {
		this.stack.app().terminate();
		for (int i = 0; i < FILES / 2; i++) {
			Files.delete(this.root.resolve(this.directory + i));
		}
		startAndScan();
	}

	@Test
	void allOfTheTreeIsGoneAtStart() throws IOException {
		this.stack.app().terminate();
		clear(this.root.resolve(this.directory));
		startAndScan();
	}

	private void startAndScan() {
		this.stack.app().start();
		this.stack.app().awaitReady();
		Stack.await("the scan to be over")
			.until(() -> this.stack.api().status().at("/volumes/0/scan/state").asString(), "done"::equals);
	}

	/** Uploads are refused, and health says why. */
	private void assertRefused(String reason) {
		Stack.await("uploads to be refused")
			.untilAsserted(
					() -> assertThat(this.stack.api().put("media/" + this.directory + "new", Bytes.of("x")).status())
						.isEqualTo(503));
		assertThat(this.stack.api().status().at("/volumes/0/reason").asString()).contains(reason);
		assertThat(health()).contains(reason);
	}

	private String health() {
		try {
			return Http.send(this.stack.api().request("/actuator/health").GET()).text();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Mounts a file system over the root; a user who may not mount puts another directory
	 * in its place, which looks the same to all but the kernel.
	 */
	private void whileMountedOver(List<String> marker, String reason) throws IOException, InterruptedException {
		boolean mounted = run("mount", "-t", "tmpfs", "tmpfs", this.root.toString()) == 0;
		if (!mounted) {
			Files.move(this.root, this.away);
			Files.createDirectory(this.root);
		}
		try {
			for (String content : marker) {
				Files.createDirectory(this.root.resolve(".holdfast"));
				Files.writeString(this.root.resolve(MARKER), content);
				Files.createDirectory(this.root.resolve(this.directory));
				Files.writeString(this.root.resolve(this.directory + "0"), "of another volume");
			}
			assertRefused(reason);
		}
		finally {
			if (mounted) {
				assertThat(run("umount", "-l", this.root.toString())).isZero();
			}
			else {
				clear(this.root);
				Files.move(this.away, this.root);
			}
		}
	}

	private static int run(String... command) throws IOException, InterruptedException {
		return new ProcessBuilder(command).redirectErrorStream(true)
			.redirectOutput(ProcessBuilder.Redirect.DISCARD)
			.start()
			.waitFor();
	}

	private static void clear(Path directory) throws IOException {
		try (Stream<Path> tree = Files.walk(directory)) {
			for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
				Files.delete(path);
			}
		}
	}

}
