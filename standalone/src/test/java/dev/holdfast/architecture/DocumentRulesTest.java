package dev.holdfast.architecture;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Rules of the documents: what they name is there.
 */
class DocumentRulesTest {

	private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:]+)(#[^)]*)?\\)");

	private static final Pattern TEST = Pattern.compile("`(\\w+(?:Test|IT|Contract))`");

	private static final Pattern MERGE = Pattern.compile("(?m)^(<<<<<<<|=======|>>>>>>>)");

	@Test
	void noMergeIsLeftHalfDone() {
		assertThat(named(MERGE)).as("marks of a merge: decide what the text is to say").isEmpty();
	}

	@Test
	void linksLeadSomewhere() {
		assertThat(CodeBase.documents()).allSatisfy((document) -> assertThat(results(document, LINK))
			.as("links in %s to files that are not there", CodeBase.nameOf(document))
			.allSatisfy((link) -> assertThat(
					Files.exists(Objects.requireNonNull(document.getParent()).resolve(link.group(1))))
				.as(link.group(1))
				.isTrue()));
	}

	@Test
	void testsThatAreNamedExist() {
		Set<String> tests = CodeBase.testSources()
			.stream()
			.map((source) -> source.getFileName().toString().replace(".java", ""))
			.collect(Collectors.toSet());
		List<String> named = named(TEST);
		assertThat(named).as("tests that the documents name").isNotEmpty();
		assertThat(
				named.stream().filter((hit) -> !tests.contains(hit.substring(hit.indexOf('`') + 1, hit.length() - 1))))
			.as("tests that the documents name, and that are not there")
			.isEmpty();
	}

	private static List<String> named(Pattern pattern) {
		return CodeBase.documents()
			.stream()
			.flatMap((document) -> results(document, pattern).stream()
				.map((hit) -> CodeBase.nameOf(document) + ": " + hit.group()))
			.toList();
	}

	private static List<MatchResult> results(Path document, Pattern pattern) {
		return pattern.matcher(CodeBase.read(document)).results().toList();
	}

}
