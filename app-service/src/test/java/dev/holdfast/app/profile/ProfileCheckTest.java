package dev.holdfast.app.profile;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Map;

import dev.holdfast.app.profile.ProfileReport.Folder;
import dev.holdfast.app.profile.ProfileReport.On;
import dev.holdfast.app.volume.VolumeMarks;
import dev.holdfast.model.VolumeName;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What a profile would do with a directory.
 */
class ProfileCheckTest {

	private static final String ATTACHMENTS = "/app/uploads/project_attachments";

	/** As TimeTracker's own compose files have it. */
	private static final String TIMETRACKER = """
			services:
			  app:
			    image: timetracker
			    volumes:
			      - app_data:/data
			      - ${UPLOADS:-app_uploads}:/app/app/static/uploads:ro,z
			      - type: bind
			        source: ./logs
			        target: /app/logs/
			    tmpfs: /app/uploads:size=1m
			  nginx:
			    volumes:
			      - ./nginx.conf:/etc/nginx/nginx.conf:ro
			volumes:
			  app_data:
			""";

	@TempDir
	Path directory = Path.of("");

	private Path write(String path, int size) throws IOException {
		Path file = this.directory.resolve(path);
		Files.createDirectories(file.getParent());
		return Files.write(file, new byte[size]);
	}

	private ProfileReport check(String profile, String volume, @Nullable Path appRoot, @Nullable String compose)
			throws IOException {
		ComposeFile file = (compose == null) ? null
				: ComposeFile.read(Files.writeString(this.directory.resolve("compose.yaml"), compose), Map.of());
		return ProfileCheck.run(Files.createDirectories(this.directory.resolve("volume")),
				Profiles.choose(profile, volume), appRoot, file);
	}

	private static Folder folder(ProfileReport report, String path) {
		return report.folders().stream().filter((folder) -> folder.path().equals(path)).findFirst().orElseThrow();
	}

	@Test
	void countsWhatIsProtectedAndWhatIsNotAndWhy() throws IOException {
		write("volume/avatars/avatar_1_12345678.png", 100);
		write("volume/receipts/20260101_101010_a.pdf", 200);
		write("volume/temp/temp_1_a.pdf", 7);
		write("volume/temp/deep/b.pdf", 8);
		write("volume/timetracker.db-wal", 9);
		VolumeMarks.mark(this.directory.resolve("volume"), new VolumeName("uploads"));

		ProfileReport report = check("timetracker", "uploads", null, null);

		assertThat(report.volume()).isEqualTo("uploads");
		assertThat(report.isProtected().getFiles()).isEqualTo(2);
		assertThat(report.isProtected().getBytes()).isEqualTo(300);
		assertThat(report.skipped()).filteredOn((rule) -> rule.found().getFiles() > 0)
			.satisfiesExactlyInAnyOrder((rule) -> {
				assertThat(rule.glob()).isEqualTo("temp/");
				assertThat(rule.found().getFiles()).isEqualTo(2);
				assertThat(rule.found().getBytes()).isEqualTo(15);
				assertThat(rule.found().getExamples()).containsExactlyInAnyOrder("temp/temp_1_a.pdf",
						"temp/deep/b.pdf");
				assertThat(rule.reason()).isNotBlank();
			}, (rule) -> assertThat(rule.found().getExamples()).containsExactly("timetracker.db-wal"));
		assertThat(report.publicFiles()).filteredOn((rule) -> rule.found().getFiles() > 0)
			.singleElement()
			.satisfies((rule) -> assertThat(rule.glob()).isEqualTo("avatars/"));
		assertThat(report.sensitive()).filteredOn((rule) -> rule.found().getFiles() > 0)
			.singleElement()
			.satisfies((rule) -> assertThat(rule.glob()).isEqualTo("receipts/"));
		assertThat(report.isSomethingUnprotected()).as("nothing was looked at where it could be found").isFalse();
	}

	@Test
	void whatCannotBeProtectedIsFound() throws IOException {
		write("volume/a.png", 1);
		Files.createSymbolicLink(this.directory.resolve("volume/link.png"), Path.of("a.png"));
		write("volume/line\nbreak.png", 2);

		ProfileReport report = check("generic", "media", null, null);

		assertThat(report.isSomethingUnprotected()).isTrue();
		assertThat(report.notProtected()).filteredOn((one) -> one.found().getFiles() > 0)
			.extracting((one) -> one.found().getExamples().getFirst())
			.containsExactlyInAnyOrder("link.png", "line\nbreak.png");
		assertThat(report.isProtected().getExamples()).containsExactly("a.png");
	}

	@Test
	void folderOnNoVolumeIsFoundInACheckoutAndInAContainer() throws IOException {
		assertThat(folder(check("timetracker", "uploads", this.directory, null), ATTACHMENTS).unprotected()).isFalse();
		write("uploads/project_attachments/1_x_plan.pdf", 50);

		ProfileReport checkout = check("timetracker", "uploads", this.directory, null);

		assertThat(checkout.isSomethingUnprotected()).isTrue();
		Folder found = folder(checkout, ATTACHMENTS);
		assertThat(found.on()).isEqualTo(On.CONTAINER_BY_DEFAULT);
		assertThat(found.files()).isEqualTo(1);
		assertThat(found.bytes()).isEqualTo(50);
		write("container/app/uploads/project_attachments/1_x_plan.pdf", 50);
		write("container/app/uploads/project_attachments/2_x_plan.pdf", 50);
		ProfileReport container = check("timetracker", "uploads", this.directory.resolve("container"), null);
		assertThat(folder(container, ATTACHMENTS).files()).isEqualTo(2);
	}

	@Test
	void composeFileTellsWhichFoldersAreOnVolumes() throws IOException {
		ProfileReport report = check("timetracker", "uploads", null, TIMETRACKER);

		assertThat(folder(report, "/data/uploads").on()).isEqualTo(On.VOLUME);
		assertThat(folder(report, "/data/uploads").mount()).isEqualTo("app_data at /data of service app");
		assertThat(folder(report, "/app/app/static/uploads").mount()).startsWith("app_uploads at");
		assertThat(folder(report, ATTACHMENTS).on()).as("memory is no volume").isEqualTo(On.CONTAINER);
		assertThat(folder(report, ATTACHMENTS).unprotected()).isTrue();
		assertThat(folder(report, "/app/backups").unprotected()).as("not to be kept").isFalse();
		assertThat(report.isSomethingUnprotected()).isTrue();

		ProfileReport mended = check("timetracker", "uploads", null,
				TIMETRACKER.replace("- app_data:/data", "- app_data:/data\n      - attachments:/app/uploads")
					.replace("    tmpfs: /app/uploads:size=1m\n", ""));
		assertThat(folder(mended, ATTACHMENTS).on()).isEqualTo(On.VOLUME);
		assertThat(mended.isSomethingUnprotected()).isFalse();
	}

	@Test
	void rootWithoutAVolumeIsFoundInTheComposeFile() throws IOException {
		ProfileReport report = check("horilla", "media", null, """
				services:
				  web:
				    volumes: ["./horilla:/app/horilla", "/app/media"]
				""");

		assertThat(folder(report, "/app/media").on()).as("an anonymous volume is new each time")
			.isEqualTo(On.CONTAINER);
		assertThat(report.isSomethingUnprotected()).isTrue();
		assertThat(check("horilla", "media", null, """
				services:
				  web:
				    volumes: ["./media:/app/media"]
				""").isSomethingUnprotected()).isFalse();
	}

	@Test
	void filesThatNoRuleIncludesCount() throws IOException {
		Path profile = Files.writeString(this.directory.resolve("p.yaml"),
				Files.readString(Path.of("..", "deploy", "profiles", "generic.yaml"))
					.replace("include: []", "include:\n      - glob: kept/\n        reason: Only these."));
		write("volume/kept/a", 1);
		write("volume/other", 2);

		ProfileReport report = check(profile.toString(), "media", null, null);

		assertThat(report.isProtected().getExamples()).containsExactly("kept/a");
		assertThat(report.notIncluded().getExamples()).containsExactly("other");
		assertThat(report.isSomethingUnprotected()).isTrue();
	}

	@Test
	void wrongInputIsSaid() throws IOException {
		assertThatExceptionOfType(NotDirectoryException.class).isThrownBy(() -> ProfileCheck
			.run(this.directory.resolve("none"), Profiles.choose("generic", "media"), null, null));
		Path none = Files.writeString(this.directory.resolve("x.yaml"), "a: b");
		assertThatExceptionOfType(ProfileException.class).isThrownBy(() -> ComposeFile.read(none, Map.of()))
			.withMessageContaining("no services");
	}

}
