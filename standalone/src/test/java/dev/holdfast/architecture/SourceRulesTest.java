package dev.holdfast.architecture;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Rules that byte code does not show, read from the sources of all modules.
 */
class SourceRulesTest {

	private static final int LONGEST_SOURCE = 300;

	/** Longer sources, each with its reason. */
	private static final Map<String, String> LONGER = Map.of(
			"app-service/src/main/java/dev/holdfast/app/catalog/Projection.java",
			"one thread's loop with the state that only it has",
			"app-service/src/main/java/dev/holdfast/app/outbox/OutboxRelay.java",
			"one thread's loop with the state that only it has",
			"app-service/src/main/java/dev/holdfast/app/volume/Volume.java",
			"one lock over what may be done with a volume in which state",
			"app-service/src/main/java/dev/holdfast/app/watch/Gaps.java",
			"one thread's loop with the state that only it has",
			"app-service/src/main/java/dev/holdfast/app/watch/Settling.java", "one structure under one lock",
			"app-service/src/main/java/dev/holdfast/app/watch/TreeWatch.java", "what each kind of event means",
			"app-service/src/main/java/dev/holdfast/app/watch/VolumeWatcher.java",
			"one thread's loop with the state that only it has");

	/** The body of a catch block without blocks in it, and what is caught. */
	private static final Pattern CATCH = Pattern.compile("catch \\(([^)]*)\\) \\{([^{}]*)\\}");

	private static final Pattern LOG_CALL = Pattern
		.compile("LOG\\.(info|warn|error|atInfo|atWarn|atError)\\((?:[^;])*;");

	@Test
	void typesAreShort() {
		Map<String, Long> longer = new TreeMap<>();
		for (Path source : CodeBase.mainSources()) {
			long lines = CodeBase.read(source).lines().count();
			if (lines > LONGEST_SOURCE) {
				longer.put(CodeBase.nameOf(source), lines);
			}
		}
		assertThat(longer.keySet())
			.as("sources of more than %d lines: split by what they do, or add one to LONGER with the reason why it is one"
					+ " thing; they have %s", LONGEST_SOURCE, longer)
			.isSubsetOf(LONGER.keySet());
		assertThat(LONGER.values()).noneMatch(String::isBlank);
		assertThat(LONGER.keySet()).as("exceptions of sources that are gone")
			.allSatisfy((name) -> assertThat(CodeBase.root().resolve(name)).isRegularFile());
	}

	@Test
	void noFailureIsLoggedAndForgotten() {
		assertThat(catchBlocks().filter((block) -> {
			String rest = LOG_CALL.matcher(block.body()).replaceAll("").strip();
			boolean logged = !rest.equals(block.body().strip());
			return logged && rest.isEmpty() && !block.body().contains("// ");
		})).as("catch blocks that only log: throw, return what the caller has to know, or say in a comment in the block why"
				+ " it goes on")
			.isEmpty();
	}

	@Test
	void noFailureIsSwallowed() {
		assertThat(catchBlocks().filter((block) -> block.body().isBlank()))
			.as("empty catch blocks: handle it, or say in a comment in the block why nothing is to be done")
			.isEmpty();
	}

	@Test
	void interruptsAreKept() {
		assertThat(catchBlocks()
			.filter((block) -> block.caught().contains("InterruptedException")
					&& !block.caught().contains("InterruptedIOException"))
			.filter((block) -> !Pattern.compile("interrupt\\(\\)|throw |return|break|\\w+ = true|LOG\\.debug|// ")
				.matcher(block.body())
				.find()))
			.as("catch blocks that lose an interrupt: call Thread.currentThread().interrupt(), throw it on, or say why"
					+ " the thread ends")
			.isEmpty();
	}

	@Test
	void logMessagesHaveSlf4jPlaceholders() {
		assertNone(CodeBase.mainSources(), Pattern.compile("LOG\\.\\w+\\(\"[^\"]*%[sd]"),
				"slf4j fills {} and not %s: write {}");
		assertNone(CodeBase.mainSources(), Pattern.compile("LOG\\.\\w+\\(\"[^\"]*\"\\s*\\+\\s*[a-z]\\w*[^\")]*\\)"),
				"values belong into placeholders or key-value pairs, not into the message: write {}");
	}

	@Test
	void noLombok() {
		Pattern lombok = Pattern.compile("import lombok|<artifactId>lombok");
		String instead = "records, explicit constructors and private static final Logger LOG need no Lombok";
		assertNone(CodeBase.sources(), lombok, instead);
		assertNone(CodeBase.poms(), lombok, instead);
	}

	@Test
	void everyPackageSaysWhatItIsFor() {
		assertThat(CodeBase.mainSources()
			.stream()
			.map(Path::getParent)
			.distinct()
			.filter((directory) -> !directory.resolve("package-info.java").toFile().isFile())
			.map(CodeBase::nameOf)).as("packages without package-info.java: add one with a sentence and @NullMarked")
			.isEmpty();
	}

	@Test
	void noCodeIsKeptInComments() {
		assertNone(CodeBase.sources(), Pattern.compile("(?m)^\\s*//.*;\\s*$"), "history keeps old code: delete it");
		assertNone(CodeBase.mainSources(), Pattern.compile("TODO|FIXME|XXX"),
				"what is to be done belongs into an issue or into the documents' list of limits");
	}

	private static void assertNone(List<Path> files, Pattern pattern, String instead) {
		assertThat(files.stream().filter((file) -> !file.endsWith("SourceRulesTest.java")).flatMap((file) -> {
			Matcher matcher = pattern.matcher(CodeBase.read(file));
			return matcher.results().map((hit) -> CodeBase.nameOf(file) + ": " + hit.group().strip());
		})).as(instead).isEmpty();
	}

	private static Stream<CatchBlock> catchBlocks() {
		return CodeBase.mainSources().stream().flatMap((source) -> {
			String text = CodeBase.read(source);
			return CATCH.matcher(text)
				.results()
				.map((hit) -> new CatchBlock(
						CodeBase.nameOf(source) + ":" + text.substring(0, hit.start()).lines().count(), hit.group(1),
						hit.group(2)));
		});
	}

	private record CatchBlock(String place, String caught, String body) {

	}

}
