package dev.holdfast.app.profile;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

import dev.holdfast.app.profile.ProfileRoot.DeletePolicy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The profiles that come with Holdfast, and how others are read.
 */
class ProfilesTest {

	static final List<String> BUILT_IN = Profiles.BUILT_IN;

	private static final String VALID = """
			profile: mine
			title: Mine
			about: A test.
			roots:
			  - volume: media
			    path: /app/media
			    holds: Files.
			    mount: {holdfast: "m:/m:ro", reason: Because.}
			    exclude:
			      - glob: temp/
			        reason: Not finished.
			    deletes: {policy: trash, reason: Because.}
			    guard:
			      deletes: {files: 7, share: 0.5, within: 90s, reason: Because.}
			      overwrites: {files: 8, share: 0.25, within: 5m, reason: Because.}
			off-volume:
			  - path: /app/lost
			    holds: Files.
			    reason: Nobody mounts it.
			""";

	@TempDir
	Path directory = Path.of("");

	@Test
	void allThatLieInTheRepositoryComeWithIt() throws IOException {
		try (Stream<Path> files = Files.list(Path.of("..", "deploy", "profiles"))) {
			assertThat(files.map((file) -> file.getFileName().toString()).filter((name) -> name.endsWith(".yaml")))
				.containsExactlyInAnyOrderElementsOf(BUILT_IN.stream().map((name) -> name + ".yaml").toList());
		}
	}

	@ParameterizedTest
	@FieldSource("BUILT_IN")
	void eachIsValid(String name) {
		Profile profile = Profiles.load(name);
		assertThat(profile.name()).isEqualTo(name);
		assertThat(profile.roots()).isNotEmpty().allSatisfy((root) -> {
			assertThat(root.deletes().policy()).isEqualTo(DeletePolicy.KEEP);
			assertThat(root.mount().holdfast()).endsWith(":ro");
		});
	}

	@ParameterizedTest
	@CsvSource({ "horilla,media,temp/x", "horilla,media,backups/x", "horilla,media,exports/x", "horilla,media,a/x.db",
			"horilla,media,x.db-wal", "horilla,media,x.sqlite3", "horilla,media,.nfs00001", "horilla,media,a/b.tmp",
			"horilla,media,a/.gitkeep", "horilla,media,gdrive_oauth_credentials_file/secret.json",
			"horilla,media,test_permissions.tmp", "timetracker,uploads,temp/temp_1_x.png",
			"timetracker,uploads,backups/x.zip", "timetracker,uploads,exports/x.csv",
			"timetracker,uploads,timetracker.db", "timetracker,static,logos/.gitkeep",
			"timetracker,static,x.sqlite-wal", "timetracker,uploads,receipts/.nfs0001", "generic,media,.DS_Store",
			"generic,media,app.db" })
	void isNotLookedAfter(String profile, String volume, String path) {
		assertThat(Profiles.choose(profile, volume).root().rules().covers(path)).isFalse();
	}

	@ParameterizedTest
	@CsvSource({ "horilla,media,employee/employee/employee_profile/jane-1a2b3c4d.png",
			"horilla,media,base/company/icon/logo-1a2b3c4d.png", "horilla,media,employee/profile/stefano_qHXzRie.jpeg",
			"horilla,media,base/icon/shellkode-logo-png.png", "horilla,media,media/dynamic_fields/x.pdf",
			"horilla,media,recruitment_attachment/cv.pdf", "horilla,media,-1a2b3c4d.png",
			"timetracker,uploads,avatars/avatar_7_12ab34cd.png", "timetracker,uploads,receipts/20260131_101500_r.pdf",
			"timetracker,static,logos/company_logo_12ab34cd.png", "timetracker,static,client_attachments/1_x_y.pdf",
			"timetracker,static,temp/x.png", "generic,media,minutes.db2.pdf" })
	void isLookedAfter(String profile, String volume, String path) {
		assertThat(Profiles.choose(profile, volume).root().rules().covers(path)).isTrue();
	}

	@Test
	void directoriesThatAreNotLookedAfterAreNotEntered() {
		var rules = Profiles.choose("timetracker", "uploads").root().rules();
		assertThat(rules.mayCover("")).isTrue();
		assertThat(rules.mayCover("avatars")).isTrue();
		assertThat(rules.mayCover("temp")).isFalse();
		assertThat(rules.mayCover("temp/deep")).isFalse();
		assertThat(rules.mayCover(".holdfast")).isFalse();
		assertThat(rules.covers(".holdfast/volume.json")).isFalse();
	}

	@Test
	void knowsTheFolderThatIsOnNoVolume() {
		assertThat(Profiles.load("timetracker").offVolume()).filteredOn(Profile.OffVolume::keep)
			.extracting(Profile.OffVolume::path)
			.containsExactly("/app/uploads/project_attachments");
	}

	@Test
	void includeNarrowsAndExcludeWins() throws IOException {
		var rules = Profiles
			.choose(write(VALID
				.replace("    exclude:", "    include:\n      - glob: kept/\n        reason: Only these.\n    exclude:")
				.replace("temp/", "kept/temp/")), "media")
			.root()
			.rules();
		assertThat(rules.covers("kept/a")).isTrue();
		assertThat(rules.covers("other/a")).isFalse();
		assertThat(rules.covers("kept/temp/a")).isFalse();
		assertThat(rules.mayCover("kept")).isTrue();
		assertThat(rules.mayCover("other")).isFalse();
		assertThat(rules.mayCover("kept/temp")).isFalse();
	}

	@Test
	void everythingThatAProfileSaysIsRead() throws IOException {
		ProfileRoot root = Profiles.choose(write(VALID), "anything").root();
		assertThat(root.deletes().policy()).isEqualTo(DeletePolicy.TRASH);
		assertThat(root.guard().deletes()).isEqualTo(new ProfileRoot.Limit(7, 0.5, Duration.ofSeconds(90), "Because."));
		assertThat(root.guard().overwrites())
			.isEqualTo(new ProfileRoot.Limit(8, 0.25, Duration.ofMinutes(5), "Because."));
		assertThat(root.readOnly()).isFalse();
		assertThat(Profiles.choose(write(VALID.replace("    exclude:", "    read-only: true\n    exclude:")), "media")
			.root()
			.readOnly()).isTrue();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', value = { "exclude:      | excludes:        | 9  | 'exclude'",
			"title:          | titel:           | 2  | 'title'",
			"title: Mine     | colour: red      | 2  | one of [profile",
			"title: Mine     | profile: again   | 2  | there twice",
			"title: Mine     | about2: x        | 2  | 'about'",
			"temp/           | /temp/           | 10 | write it relative",
			"temp/           | '{a,b'       | 10 | close every {",
			"policy: trash   | policy: delete   | 12 | keep, trash or mirror",
			"files: 7        | files: many      | 14 | 1 or more",
			"files: 7        | files: 0         | 14 | 1 or more",
			"share: 0.5      | share: 5         | 14 | from 0 to 1",
			"within: 90s     | within: soon     | 14 | for example 10m",
			"within: 90s     | within: 0s       | 14 | for example 10m",
			"path: /app/media| path: app/media  | 6  | from / on",
			"volume: media   | volume: My Media | 5  | lower-case letters",
			"profile: mine   | profile: My own  | 1  | lower-case letters",
			"reason: Not finished. | reason: '' | 11 | 'reason' is empty",
			"title: Mine     | title: [a, b]    | 2  | is no text", "title: Mine     | title: \"x     | 2  | no YAML" })
	void refusesWhatItDoesNotUnderstand(String right, String wrong, int line, String remedy) throws IOException {
		assertThat(VALID).contains(right.strip());
		String file = write(VALID.replaceFirst(java.util.regex.Pattern.quote(right.strip()),
				java.util.regex.Matcher.quoteReplacement(wrong.strip())));
		assertThatExceptionOfType(ProfileException.class).isThrownBy(() -> Profiles.load(file))
			.withMessageStartingWith(file + ":")
			.withMessageContaining(remedy)
			.satisfies((ex) -> {
				if (!remedy.equals("no YAML")) {
					assertThat(ex).hasMessageStartingWith(file + ":" + line + ":");
				}
			});
	}

	@Test
	void missingPartsAreNamed() throws IOException {
		String noReason = write(VALID.replace("        reason: Not finished.\n", ""));
		assertThatExceptionOfType(ProfileException.class).isThrownBy(() -> Profiles.load(noReason))
			.withMessageContaining("an entry of 'exclude' has no 'reason': add it");
		String empty = write("");
		assertThatExceptionOfType(ProfileException.class).isThrownBy(() -> Profiles.load(empty))
			.withMessageContaining("is empty");
	}

	@Test
	void namesAndFilesThatAreNotThereAreSaid() {
		assertThatExceptionOfType(ProfileException.class).isThrownBy(() -> Profiles.load("horila"))
			.withMessageContaining("generic, horilla, timetracker");
		String file = this.directory.resolve("none.yaml").toString();
		assertThatExceptionOfType(ProfileException.class).isThrownBy(() -> Profiles.load(file))
			.withMessageContaining(file);
	}

	@Test
	void rootOfAVolumeIsTheOneOfItsNameOrTheOneNamed() {
		assertThat(Profiles.choose("timetracker", "static").root().path()).isEqualTo("/app/app/static/uploads");
		assertThat(Profiles.choose("timetracker#static", "anything").root().volume()).isEqualTo("static");
		assertThat(Profiles.choose("horilla", "anything").root().volume()).isEqualTo("media");
		assertThatExceptionOfType(ProfileException.class).isThrownBy(() -> Profiles.choose("timetracker", "media"))
			.withMessageContaining("uploads, static")
			.withMessageContaining("timetracker#uploads");
		assertThatExceptionOfType(ProfileException.class).isThrownBy(() -> Profiles.choose("timetracker#x", "media"))
			.withMessageContaining("uploads, static");
	}

	private String write(String yaml) throws IOException {
		return Files.writeString(this.directory.resolve("mine.yaml"), yaml).toString();
	}

}
