package dev.holdfast.app.profile;

import java.text.Normalizer;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Which files a glob names.
 */
class GlobTest {

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '"', value = {
			// Without a slash: the name alone, wherever it is.
			"*.tmp          | a.tmp                   | true", "*.tmp          | deep/er/a.tmp           | true",
			"*.tmp          | a.tmp/b.png             | false", "*.tmp          | a.TMP                   | false",
			".nfs*          | x/.nfs0001              | true", ".gitkeep       | avatars/.gitkeep        | true",
			"\"{*.db,*.db-*}\" | timetracker.db       | true", "\"{*.db,*.db-*}\" | x/timetracker.db-wal  | true",
			"\"{*.db,*.db-*}\" | minutes.db2.pdf      | false",
			// With one at the end: that directory, from the root on.
			"temp/          | temp/a                  | true", "temp/          | temp/deep/a             | true",
			"temp/          | temp                    | false", "temp/          | a/temp/b                | false",
			"temp/**        | temp/deep/a             | true", "temp/          | temporary/a             | false",
			"**/temp/       | temp/a                  | true", "**/temp/       | a/b/temp/c/d            | true",
			"*/icon/        | base/icon/a.png         | true", "*/icon/        | base/x/icon/a.png       | false",
			// With one elsewhere: the whole path.
			"base/*.png     | base/a.png              | true", "base/*.png     | base/deep/a.png         | false",
			"base/**.png    | base/deep/a.png         | true", "base/**/a.png  | base/a.png              | true",
			"base/**/a.png  | base/x/y/a.png          | true", "**/a.png       | a.png                   | true",
			"a/**/b/**/c    | a/b/c                   | true", "a/**/b/**/c    | a/1/b/2/3/c             | true",
			"[a-c].png      | x/b.png                 | true", "[!a-c].png     | d.png                   | true",
			"a\\*.png       | a*.png                  | true", "a\\*.png       | ab.png                  | false" })
	void matches(String glob, String path, boolean expected) {
		assertThat(Glob.of(glob).matches(path)).as("%s on %s", glob, path).isEqualTo(expected);
	}

	@Test
	void isHeldAgainstTheBytesOfAName() {
		String composed = Normalizer.normalize("Müller.pdf", Normalizer.Form.NFC);
		String decomposed = Normalizer.normalize("Müller.pdf", Normalizer.Form.NFD);
		assertThat(Glob.of(composed).matches("cv/" + composed)).isTrue();
		assertThat(Glob.of(composed).matches("cv/" + decomposed)).isFalse();
		assertThat(Glob.of("*.pdf").matches("-😀 +;\\.pdf")).isTrue();
	}

	@Test
	void tellsWhichDirectoriesNeedNotBeEntered() {
		Glob temp = Glob.of("temp/");
		assertThat(temp.matchesAllBelow("temp")).isTrue();
		assertThat(temp.matchesAllBelow("temp/a/b")).isTrue();
		assertThat(temp.matchesAllBelow("temporary")).isFalse();
		assertThat(temp.matchesAllBelow("")).isFalse();
		assertThat(Glob.of("temp*").matchesAllBelow("temp")).isFalse();
		assertThat(Glob.of("**/cache/").matchesAllBelow("a/cache/b")).isTrue();
	}

	@Test
	void tellsWhichDirectoriesMayHoldAMatch() {
		Glob icons = Glob.of("base/company/icon/");
		assertThat(List.of("", "base", "base/company", "base/company/icon", "base/company/icon/deep"))
			.allMatch(icons::mayMatchBelow);
		assertThat(List.of("bases", "base/other", "base/company/iconic")).noneMatch(icons::mayMatchBelow);
		assertThat(Glob.of("*.png").mayMatchBelow("any/where")).isTrue();
		assertThat(Glob.of("base/*/icon/").mayMatchBelow("base/x/icon")).isTrue();
		assertThat(Glob.of("base/*/icon/").mayMatchBelow("other")).isFalse();
		assertThat(Glob.of("{base,other}/a.png").mayMatchBelow("other")).isTrue();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '"',
			value = { "/temp/       | 'temp/'", "./temp/      | 'temp/'", "../up        | '..'", "a/../b       | '..'",
					"a//b         | 'a/b'", "\"{*.db,*.x\" | close every {", "[a-          | close every {",
					"a{b{c}}      | close every {", "\" \"        | is empty", ".holdfast/   | own directory" })
	void saysWhatToWriteInstead(String glob, String remedy) {
		assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(() -> Glob.of(glob))
			.withMessageContaining(glob.strip())
			.withMessageContaining(remedy);
	}

}
