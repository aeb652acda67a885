package dev.holdfast.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

import dev.holdfast.it.harness.Bytes;
import dev.holdfast.it.harness.Cli;
import dev.holdfast.it.harness.Cli.Said;
import dev.holdfast.it.harness.Distribution;
import dev.holdfast.it.harness.ProcessPart;
import dev.holdfast.it.harness.Running;
import dev.holdfast.it.harness.Stack;
import dev.holdfast.model.Digest;
import dev.holdfast.model.Origin;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Bringing old uploads home, as the applications' own guides have it done by script.
 */
class MigrateIT {

	private static final FileTime LONG_AGO = FileTime.from(Instant.parse("2025-12-03T08:00:00Z"));

	private static final Path WORK = directory("migrate-apps-");

	@RegisterExtension
	static final Running RUNNING = Running.stack(() -> Stack.named("migrate")
		.app("--holdfast.volumes.uploads=" + volume("uploads"),
				"--holdfast.volumes.attachments=" + volume("attachments"), "--holdfast.profiles.media=horilla",
				"--holdfast.profiles.uploads=timetracker", "--holdfast.profiles.attachments=generic",
				"--holdfast.migrate.sources=" + WORK)
		.worker("--holdfast.volumes.uploads=" + volume("uploads"),
				"--holdfast.volumes.attachments=" + volume("attachments"), Stack.SHORT_LANES)
		.build());

	private final Stack stack = RUNNING.get();

	/** A checkout of the application, with what its older versions left in it. */
	private Path checkout = Path.of("");

	@BeforeEach
	void checkOut(TestInfo test) throws IOException {
		this.checkout = Files.createDirectories(WORK.resolve(test.getTestMethod().orElseThrow().getName()));
	}

	@Test
	void timeTrackersAvatars() throws IOException {
		Path avatars = this.checkout.resolve("app/static/uploads/avatars");
		byte[] picture = Bytes.random(7, 30_000);
		write(avatars.resolve("avatar_7_12ab34cd.png"), picture);
		write(avatars.resolve("avatar_8_99ab34cd.webp"), Bytes.random(8, 100));
		write(avatars.resolve(".gitkeep"), new byte[0]);
		String[] migrate = { "migrate", "--from", avatars.toString(), "--volume", "uploads", "--to", "avatars/" };

		Said dry = holdfast(with(migrate, "--dry-run"));
		assertThat(dry.code()).as(dry.text()).isZero();
		assertThat(dry.text()).contains("2 would be copied", "1 passed over by the profile");
		assertThat(volume("uploads").resolve("avatars")).doesNotExist();

		Said copied = holdfast(migrate);
		assertThat(copied.code()).as(copied.text()).isZero();
		assertThat(copied.text()).contains("2 copied and verified", "Addresses and the paths");
		Path copy = volume("uploads").resolve("avatars/avatar_7_12ab34cd.png");
		assertThat(copy).hasBinaryContent(picture);
		assertThat(Files.getLastModifiedTime(copy)).isEqualTo(LONG_AGO);
		assertThat(avatars.resolve("avatar_7_12ab34cd.png")).hasBinaryContent(picture);

		this.stack.awaitReplicated("uploads/avatars/avatar_7_12ab34cd.png");
		this.stack.awaitReplicated("uploads/avatars/avatar_8_99ab34cd.webp");
		assertThat(this.stack.bucket().bytes("uploads/avatars/avatar_7_12ab34cd.png")).hasValue(picture);
		assertThat(this.stack.log().stored())
			.filteredOn((event) -> event.id().toString().startsWith("uploads/avatars/"))
			.hasSize(2)
			.allSatisfy((event) -> assertThat(event.origin()).isEqualTo(Origin.MIGRATE));
		assertThat(holdfast(migrate).text()).contains("2 there already, identical");

		theStatusOfItsVolumeCountsNoOtherVolumesFiles();

		Said cleaned = holdfast(with(migrate, "--cleanup"));
		assertThat(cleaned.text()).contains("2 sources removed", "1 passed over by the profile");
		assertThat(cleaned.code()).as(cleaned.text()).isZero();
		assertThat(avatars).isDirectoryContaining("glob:**/.gitkeep").isDirectoryNotContaining("glob:**/avatar_*");
		assertThat(copy).hasBinaryContent(picture);
	}

	private void theStatusOfItsVolumeCountsNoOtherVolumesFiles() {
		this.stack.api().upload("attachments/other", Bytes.of("other"));
		Said status = holdfast("status", "--volume", "attachments");
		assertThat(status.code()).as(status.text()).isZero();
		assertThat(status.text()).contains("volume attachments: available").doesNotContain("volume uploads");
		long ofAll = this.stack.api().json("/api/v1/status").at("/files/known").asLong();
		long ofOne = holdfast("status", "--volume", "attachments", "--json").json().at("/files/known").asLong();
		assertThat(ofOne).isPositive().isLessThan(ofAll);
		Said misspelt = holdfast("status", "--volume", "attachment");
		assertThat(misspelt.code()).as(misspelt.text()).isEqualTo(1);
		assertThat(misspelt.text()).contains("There is no volume 'attachment': there are", "uploads");
	}

	@Test
	void timeTrackersProjectAttachments() throws IOException {
		byte[] plan = Bytes.random(1, 9_000_000);
		write(this.checkout.resolve("uploads/project_attachments/3_20260101_101010_plan.pdf"), plan);
		String[] check = { "profile", "check", volume("uploads").toString(), "--profile", "timetracker", "--volume",
				"uploads", "--app-root", this.checkout.toString() };
		Said found = holdfast(check);
		assertThat(found.code()).as(found.text()).isEqualTo(9);
		assertThat(found.text()).contains("! /app/uploads/project_attachments", "1 file at");

		Said copied = holdfast("migrate", "--from", this.checkout.resolve("uploads").toString(), "--volume",
				"attachments", "--json");

		assertThat(copied.code()).as(copied.text()).isZero();
		assertThat(copied.json().path("outcomes").path("copied").path("bytes").asLong()).isEqualTo(plan.length);
		this.stack.awaitReplicated("attachments/project_attachments/3_20260101_101010_plan.pdf");
		assertThat(this.stack.bucket().digest("attachments/project_attachments/3_20260101_101010_plan.pdf"))
			.hasValue(Digest.of(plan));
	}

	@Test
	void horillasOldAndNewLayoutSideBySide() throws IOException {
		Path old = this.checkout.resolve("media");
		write(old.resolve("employee/profile/stefano_qHXzRie.jpeg"), Bytes.of("old picture"));
		write(old.resolve("base/icon/shellkode-logo-png.png"), Bytes.of("old logo"));
		write(old.resolve("media/dynamic_fields/-1a2b3c4d.pdf"), Bytes.of("a name that slugged to nothing"));
		write(old.resolve("gdrive_oauth_credentials_file/client_secret.json"), Bytes.of("secret"));
		this.stack.api().upload("media/employee/employee/employee_profile/jane-1a2b3c4d.png", Bytes.of("new picture"));
		this.stack.api().upload("media/base/company/icon/acme-12345678.png", Bytes.of("new logo"));

		Said copied = holdfast("migrate", "--from", old.toString(), "--volume", "media");

		assertThat(copied.code()).as(copied.text()).isZero();
		assertThat(copied.text()).contains("3 copied and verified", "1 passed over by the profile");
		for (String file : List.of("employee/profile/stefano_qHXzRie.jpeg", "base/icon/shellkode-logo-png.png",
				"media/dynamic_fields/-1a2b3c4d.pdf", "employee/employee/employee_profile/jane-1a2b3c4d.png",
				"base/company/icon/acme-12345678.png")) {
			this.stack.awaitReplicated("media/" + file);
			assertThat(this.stack.bucket().bytes("media/" + file))
				.hasValueSatisfying((bytes) -> assertThat(this.stack.volume().resolve(file)).hasBinaryContent(bytes));
		}
		assertThat(this.stack.volume().resolve("gdrive_oauth_credentials_file")).doesNotExist();
		assertThat(this.stack.bucket().keys()).noneMatch((key) -> key.contains("gdrive"));
	}

	@Test
	void aConflictIsToldWithBothDigestsAndNothingIsTouched() throws IOException {
		byte[] mine = Bytes.of("cv of one candidate");
		byte[] theirs = Bytes.of("cv of another candidate");
		write(this.checkout.resolve("cv.pdf"), mine);
		this.stack.api().upload("media/recruitment_attachment/cv.pdf", theirs);

		Said said = holdfast("migrate", "--from", this.checkout.toString(), "--volume", "media", "--to",
				"recruitment_attachment");

		assertThat(said.code()).as(said.text()).isEqualTo(9);
		assertThat(said.text()).contains("1 CONFLICT, not touched", "conflict: cv.pdf", "source " + Digest.of(mine),
				"volume " + Digest.of(theirs));
		assertThat(this.stack.volume().resolve("recruitment_attachment/cv.pdf")).hasBinaryContent(theirs);
		assertThat(this.checkout.resolve("cv.pdf")).hasBinaryContent(mine);
	}

	@Test
	void aMissingSourceMakesTheTarget() {
		Said said = holdfast("migrate", "--from", this.checkout.resolve("never").toString(), "--volume", "uploads",
				"--to", "receipts");

		assertThat(said.code()).as(said.text()).isZero();
		assertThat(said.text()).contains("no source folder");
		assertThat(volume("uploads").resolve("receipts")).isDirectory();
	}

	@Test
	void killedInTheMiddleAndRunAgain() throws IOException {
		int files = 600;
		SortedMap<String, Digest> expected = new TreeMap<>();
		for (int i = 0; i < files; i++) {
			byte[] content = Bytes.random(i, 4_000);
			write(this.checkout.resolve("d" + i % 10 + "/f" + i), content);
			expected.put("d" + i % 10 + "/f" + i, Digest.of(content));
		}
		String[] migrate = { "migrate", "--from", this.checkout.toString(), "--volume", "attachments", "--to", "many" };
		Path target = volume("attachments").resolve("many");
		ProcessPart command = cli().command(migrate);
		command.start();
		Stack.await("the first files to be there").until(() -> count(target) > 30);

		this.stack.app().kill();

		assertThat(command.awaitExit()).as(command.log()).isNotZero();
		long there = count(target);
		assertThat(there).isLessThan(files);
		this.stack.up();
		Said again = holdfast(with(migrate, "--json"));
		assertThat(again.code()).as(again.text()).isZero();
		JsonNode outcomes = again.json().path("outcomes");
		assertThat(outcomes.path("identical").path("files").asLong()).isGreaterThanOrEqualTo(there);
		assertThat(outcomes.path("identical").path("files").asLong() + outcomes.path("copied").path("files").asLong())
			.isEqualTo(files);
		expected.forEach((file, digest) -> assertThat(Digest.of(read(target.resolve(file)))).isEqualTo(digest));
		assertThat(volume("attachments").resolve(".holdfast/tmp")).isEmptyDirectory();
		Stack.await("all to be replicated")
			.atMost(Duration.ofMinutes(2))
			.untilAsserted(() -> assertThat(expected.keySet()).allSatisfy(
					(file) -> assertThat(this.stack.api().state("attachments/many/" + file)).isEqualTo("replicated")));
		expected.forEach((file, digest) -> assertThat(this.stack.bucket().digest("attachments/many/" + file)).as(file)
			.hasValue(digest));
	}

	@Test
	void cleanupBeforeReplicationIsRefused() throws IOException {
		Path file = this.checkout.resolve("receipt.pdf");
		byte[] content = Bytes.random(3, 2_000);
		write(file, content);
		String[] migrate = { "migrate", "--from", this.checkout.toString(), "--volume", "uploads", "--to", "waiting" };
		this.stack.s3().kill();
		assertThat(holdfast(migrate).code()).isZero();

		Said refused = holdfast(with(migrate, "--cleanup"));

		assertThat(refused.code()).as(refused.text()).isEqualTo(9);
		assertThat(refused.text()).contains("1 kept, the copy is not replicated", "not-replicated: receipt.pdf");
		assertThat(file).hasBinaryContent(content);
		this.stack.up();
		this.stack.awaitReplicated("uploads/waiting/receipt.pdf");
		assertThat(holdfast(with(migrate, "--cleanup")).code()).isZero();
		assertThat(file).doesNotExist();
		assertThat(this.stack.bucket().bytes("uploads/waiting/receipt.pdf")).hasValue(content);
	}

	private Said holdfast(String... arguments) {
		return cli().run(arguments);
	}

	private Cli cli() {
		return new Cli(this.stack.api(), WORK);
	}

	private static String[] with(String[] arguments, String more) {
		List<String> all = new ArrayList<>(List.of(arguments));
		all.add(more);
		return all.toArray(String[]::new);
	}

	private static long count(Path directory) throws IOException {
		if (!Files.isDirectory(directory)) {
			return 0;
		}
		try (Stream<Path> walk = Files.walk(directory)) {
			return walk.filter(Files::isRegularFile).count();
		}
	}

	private static byte[] read(Path file) {
		try {
			return Files.readAllBytes(file);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static void write(Path file, byte[] content) throws IOException {
		Files.createDirectories(file.getParent());
		Files.write(file, content);
		Files.setLastModifiedTime(file, LONG_AGO);
	}

	private static Path directory(String prefix) {
		try {
			return Files.createTempDirectory(Files.createDirectories(Distribution.work()), prefix);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** Where a volume is; beside the folders that are migrated from. */
	private static Path volume(String name) {
		try {
			return Files.createDirectories(WORK.resolveSibling(WORK.getFileName() + "-volumes").resolve(name));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
