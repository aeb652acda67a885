package dev.holdfast.standalone;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The commands around profiles, which need no running instance.
 */
class ProfileCommandTest {

	@TempDir
	Path directory;

	private final StringWriter out = new StringWriter();

	private final StringWriter err = new StringWriter();

	private int run(String... arguments) {
		CommandLine line = Holdfast.commandLine();
		line.setOut(new PrintWriter(this.out, true));
		line.setErr(new PrintWriter(this.err, true));
		return line.execute(arguments);
	}

	private void write(String path, String content) throws IOException {
		Path file = this.directory.resolve(path);
		Files.createDirectories(file.getParent());
		Files.writeString(file, content);
	}

	@Test
	void list_namesEach() {
		assertThat(run("profile", "list")).isZero();
		assertThat(this.out.toString()).contains("generic ", "horilla ", "timetracker ", "uploads, static");
	}

	@Test
	void show_givesEveryRuleItsReason() {
		assertThat(run("profile", "show", "timetracker")).isZero();
		assertThat(this.out.toString()).contains("exclude: temp/", "public: avatars/", "sensitive: receipts/",
				"deletes: keep", "more deletes than: 20 files or 5 % within 10 minutes",
				"keep: /app/uploads/project_attachments", "advice");
	}

	@Test
	void show_isJsonToo() {
		assertThat(run("profile", "show", "horilla", "--json")).isZero();
		JsonNode profile = JsonMapper.shared().readTree(this.out.toString());
		assertThat(profile.path("roots").path(0).path("exclude").path(0).path("glob").asString())
			.isEqualTo("gdrive_oauth_credentials_file/");
		assertThat(profile.path("roots").path(0).path("deletes").path("policy").asString()).isEqualTo("keep");
	}

	@Test
	void show_saysWhatThereIsInsteadOfWhatIsNot() {
		assertThat(run("profile", "show", "horila")).isEqualTo(ExitCode.SETTINGS);
		assertThat(this.err.toString()).contains("generic, horilla, timetracker").hasLineCount(1);
	}

	@Test
	void check_tellsWhatAndWhyAndEndsWell() throws IOException {
		write("media/base/icon/logo.png", "logo");
		write("media/gdrive_oauth_credentials_file/x.json", "secret");
		assertThat(run("profile", "check", this.directory.resolve("media").toString(), "--profile", "horilla"))
			.as("%s%s", this.out, this.err)
			.isZero();
		assertThat(this.out.toString()).contains("not a volume yet", "protected        1 file, 4 B",
				"of it public     1 file, 4 B  base/icon/",
				"skipped          1 file, 6 B  gdrive_oauth_credentials_file/",
				"for example gdrive_oauth_credentials_file/x.json", "A secret does not belong",
				"Nothing unprotected was found");
	}

	@Test
	void check_endsWith9WhereUploadsLieOnNoVolume() throws IOException {
		write("app/uploads/project_attachments/1_plan.pdf", "plan");
		write("data/avatars/a.png", "a");
		write("compose.yaml", "services:\n  app:\n    volumes: ['app_data:/data']\n");
		String[] check = { "profile", "check", this.directory.resolve("data").toString(), "--profile", "timetracker",
				"--volume", "uploads", "--app-root", this.directory.toString(), "--compose",
				this.directory.resolve("compose.yaml").toString() };

		assertThat(run(check)).as("%s%s", this.out, this.err).isEqualTo(ExitCode.LEFT_OVER);

		assertThat(this.out.toString()).contains("  /data/uploads: on app_data at /data of service app",
				"! /app/app/static/uploads: on NO volume in the compose file",
				"! /app/uploads/project_attachments: on NO volume in the compose file; 1 file at",
				"Something may be lost");
	}

	@Test
	void check_isJsonToo() throws IOException {
		write("media/a.png", "x");
		assertThat(run("profile", "check", this.directory.resolve("media").toString(), "--json")).isZero();
		JsonNode report = JsonMapper.shared().readTree(this.out.toString());
		assertThat(report.path("isProtected").path("files").asInt()).as("%s", report).isOne();
		assertThat(report.path("somethingUnprotected").asBoolean(true)).isFalse();
	}

	@Test
	void check_saysWhatIsWrongWithAProfile() throws IOException {
		write("media/a.png", "x");
		write("mine.yaml", "profile: mine\ntitel: Mine\n");
		String file = this.directory.resolve("mine.yaml").toString();
		assertThat(run("profile", "check", this.directory.resolve("media").toString(), "--profile", file))
			.isEqualTo(ExitCode.SETTINGS);
		assertThat(this.err.toString()).contains(file + ":2: 'titel' is no key of a profile: write 'title'")
			.hasLineCount(1);
	}

	@Test
	void check_wantsADirectory() {
		assertThat(run("profile", "check", this.directory.resolve("none").toString())).isEqualTo(ExitCode.USAGE);
		assertThat(this.err.toString()).contains("is not a directory").hasLineCount(1);
	}

	@Test
	void mark_makesAVolumeOnce() throws IOException {
		Path media = Files.createDirectory(this.directory.resolve("media"));
		assertThat(run("volume", "mark", media.toString(), "--name", "media")).isZero();
		assertThat(media.resolve(".holdfast/volume.json")).content().contains("\"media\"");
		assertThat(run("volume", "mark", media.toString(), "--name", "media")).isZero();
		assertThat(this.out.toString()).contains("is volume media now", "is volume media already");
		assertThat(run("volume", "mark", media.toString(), "--name", "other")).isEqualTo(ExitCode.FAILED);
		assertThat(run("volume", "mark", media.toString(), "--name", "No Name")).isEqualTo(ExitCode.USAGE);
		assertThat(run("volume", "mark", media + "/none", "--name", "media")).isEqualTo(ExitCode.FAILED);
		assertThat(this.err.toString()).contains("is volume 'media' already", "lower-case letters", "not a directory")
			.hasLineCount(3);
	}

	@Test
	void migrate_saysThatNothingRuns() {
		assertThat(run("migrate", "--from", "x", "--volume", "media", "--data", this.directory.toString()))
			.isEqualTo(ExitCode.NOT_RUNNING);
		assertThat(this.err.toString()).contains("./holdfast up").hasLineCount(1);
	}

	@Test
	void migration_isToldInWords() {
		assertThat(MigrationText.of(JsonMapper.shared().readTree("""
				{"from": "/old", "volume": "media", "to": "a", "mode": "copy", "sourceMissing": false,
				 "outcomes": {"copied": {"files": 2, "bytes": 3000}, "conflict": {"files": 1, "bytes": 5}},
				 "ownersNotKept": 2, "detailsLeftOut": 7, "note": "The note.",
				 "details": [{"path": "x\\ny", "outcome": "conflict", "reason": "r", "sourceDigest": "sha256:1",
				              "targetDigest": "sha256:2"},
				             {"path": "l", "outcome": "symbolic-link", "reason": "not followed"}]}
				"""))).isEqualTo("""
				/old -> media/a/
				       2 copied and verified (3.0 kB)
				       1 CONFLICT, not touched (5 B)
				2 copies belong to the user of app-service, which may not give files away: chown them, or run it as root
				  conflict: x?y
				    source sha256:1
				    volume sha256:2
				  symbolic-link: l
				    not followed
				  and 7 more
				The note.
				""");
	}

	@Test
	void up_givesEachVolumeItsProfile() throws IOException {
		Set<String> volumes = Set.of("uploads", "static", "photos");
		SortedMap<String, ProfileChoice> choices = ProfileChoice.of(List.of("timetracker", "photos=generic"), volumes);
		assertThat(choices).extractingByKey("static")
			.satisfies((choice) -> assertThat(choice.root().path()).isEqualTo("/app/app/static/uploads"));
		assertThat(choices).extractingByKey("photos")
			.satisfies((choice) -> assertThat(choice.reference()).isEqualTo("generic"));
		write("mine.yaml", Files.readString(Path.of("..", "deploy", "profiles", "timetracker.yaml")));
		Path file = this.directory.resolve("mine.yaml");
		assertThat(ProfileChoice.of(List.of("photos=" + file + "#static"), volumes)).containsOnlyKeys("photos")
			.extractingByKey("photos")
			.satisfies((choice) -> assertThat(choice.reference()).isEqualTo(file + "#static"));
		assertThat(ProfileChoice.of(List.of(), volumes)).isEmpty();
	}

	@Test
	void up_refusesProfilesThatFitNothing() {
		Map<String, String> wrong = Map.of("nowhere=horilla", "there is no volume nowhere", "media=timetracker",
				"uploads, static", "nothing", "generic, horilla, timetracker", "./none.yaml", "none.yaml");
		wrong.forEach((given, says) -> assertThatExceptionOfType(HoldfastException.class)
			.isThrownBy(() -> ProfileChoice.of(List.of(given), Set.of("media")))
			.withMessageContaining(says));
		assertThatExceptionOfType(HoldfastException.class)
			.isThrownBy(() -> ProfileChoice.of(List.of("horilla", "generic"), Set.of("media")))
			.withMessageContaining("for all volumes already");
		assertThatExceptionOfType(HoldfastException.class)
			.isThrownBy(() -> ProfileChoice.of(List.of("media=horilla", "media=generic"), Set.of("media")))
			.withMessageContaining("has one already");
	}

}
