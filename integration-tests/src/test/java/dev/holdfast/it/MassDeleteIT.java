package dev.holdfast.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

import dev.holdfast.it.harness.Bytes;
import dev.holdfast.it.harness.Cli.Said;
import dev.holdfast.it.harness.Distribution;
import dev.holdfast.it.harness.Running;
import dev.holdfast.it.harness.Stack;
import dev.holdfast.model.Evidence;
import dev.holdfast.model.MediaDeleted;
import dev.holdfast.model.ReplicaRemoved;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An app deletes its files. One by one they go from the bucket too, as the policy says;
 * all at once they wait for a person.
 */
class MassDeleteIT {

	private static final int FILES = 60;

	/** How many the volume's profile lets go at once. */
	private static final int LIMIT = 3;

	@TempDir
	static Path profiles;

	@RegisterExtension
	static final Running RUNNING = Running.stack(() -> Stack.named("mass-delete")
		.deletes("mirror")
		.app("--holdfast.profiles.media=" + strictProfile())
		.build());

	private final Stack stack = RUNNING.get();

	@Test
	void anAppDeletesAllItsFilesAndAPersonDecides() throws IOException {
		Path app = Files.createDirectories(this.stack.volume().resolve("app/deep"));
		for (int i = 0; i < FILES; i++) {
			Files.write(app.resolve("" + i), Bytes.random(i, 400));
		}
		Files.write(this.stack.volume().resolve("single"), Bytes.of("one"));
		this.stack.awaitAllReplicated(FILES + 1);

		Files.delete(this.stack.volume().resolve("single"));
		Stack.await("the one replica to be hidden").until(() -> this.stack.bucket().bytes("media/single").isEmpty());
		assertThat(this.stack.bucket().versions("media/single")).isEqualTo(1);

		clear(this.stack.volume().resolve("app"));
		Stack.await("all to be held").until(() -> hold().path("deletes").asLong(), (held) -> held == FILES);
		assertThat(hold().path("reason").asString()).as("the profile's limit")
			.startsWith("more than " + LIMIT + " files were deleted");
		this.stack.api().upload("media/later", Bytes.of("later"));
		this.stack.awaitReplicated("media/later");
		for (int i = 0; i < FILES; i++) {
			assertThat(this.stack.bucket().bytes("media/app/deep/" + i)).hasValue(Bytes.random(i, 400));
		}
		assertThat(this.stack.api().status("media/app/deep/7").path("held").asString()).isEqualTo("delete");

		aPersonLooks();
		Files.createDirectories(app);
		Files.write(app.resolve("7"), Bytes.random(7, 400));
		aPersonApproves();
		Stack.await("the replicas to be hidden")
			.until(() -> this.stack.bucket().keys().stream().filter((key) -> key.contains("/app/")).toList(),
					(keys) -> keys.size() == 1 && keys.getFirst().equals("media/app/deep/7"));
		assertThat(this.stack.bucket().versions("media/app/deep/8")).isEqualTo(1);
		assertThat(this.stack.log().events()).filteredOn(MediaDeleted.class::isInstance)
			.extracting((event) -> ((MediaDeleted) event).evidence())
			.filteredOn(Evidence.APPROVED::equals)
			.hasSize(FILES - 1);
		Stack.await("the ledger to say so")
			.untilAsserted(() -> assertThat(this.stack.log().ledger()).filteredOn(ReplicaRemoved.class::isInstance)
				.extracting((entry) -> ((ReplicaRemoved) entry).disposition())
				.hasSize(FILES)
				.containsOnly(ReplicaRemoved.Disposition.DELETE_MARKER));
		assertThat(this.stack.api().status("media/app/deep/8").at("/replicas/0/disposition").asString())
			.isEqualTo("delete-marker");
	}

	private void aPersonLooks() {
		Said listed = this.stack.cli().run("deletes", "list");
		assertThat(listed.code()).as(listed.text()).isZero();
		assertThat(listed.text()).contains("media", FILES + " deletes", "deleted app/deep/",
				"./holdfast deletes approve");
		assertThat(this.stack.cli().run("deletes", "list", "--json").json().at("/volumes/0/hold/deletes").asInt())
			.isEqualTo(FILES);

		Said dry = this.stack.cli().run("deletes", "approve", "--dry-run");
		assertThat(dry.code()).as(dry.text()).isZero();
		assertThat(hold().path("deletes").asInt()).as("a dry run decides nothing").isEqualTo(FILES);
	}

	private void aPersonApproves() {
		Said approved = this.stack.cli()
			.run("deletes", "approve", "--volume", "media", "--as-of", "" + hold().path("asOf").asLong());
		assertThat(approved.code()).as(approved.text()).isZero();
		assertThat(approved.text()).contains("approved ", " deletes").doesNotContain("still wait");
		Said again = this.stack.cli().run("deletes", "approve");
		assertThat(again.code()).as(again.text()).isNotZero();
		assertThat(again.text()).contains("Nothing is held");
	}

	private static Path strictProfile() {
		try {
			String generic = Files.readString(Distribution.root().resolve("deploy/profiles/generic.yaml"));
			String strict = generic.replace("files: 20\n        share: 0.05", "files: " + LIMIT + "\n        share: 0");
			assertThat(strict).isNotEqualTo(generic);
			return Files.writeString(profiles.resolve("strict.yaml"), strict);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private JsonNode hold() {
		return this.stack.api().json("/api/v1/holds").path("volumes").path(0).path("hold");
	}

	private static void clear(Path directory) throws IOException {
		try (Stream<Path> tree = Files.walk(directory)) {
			for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
				Files.delete(path);
			}
		}
	}

}
