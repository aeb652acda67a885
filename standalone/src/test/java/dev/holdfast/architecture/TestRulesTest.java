package dev.holdfast.architecture;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A green build means that every test ran: none can be skipped, by name or by condition,
 * without anyone seeing it. Sources are read, so that it holds for integration-tests too.
 */
class TestRulesTest {

	private static final Pattern TEST_METHOD = Pattern
		.compile("(?m)^\\s*@(Test|ParameterizedTest|RepeatedTest|TestFactory|TestTemplate)\\b");

	private static final Pattern RUN_BY_NAME = Pattern.compile(".*(Test|IT)");

	private static final Pattern EXTENDS = Pattern.compile("class (\\w+)(?:<[^{]*>)? extends (\\w+)");

	@Test
	void noTestIsSwitchedOff() {
		assertNone(CodeBase.testSources(),
				Pattern.compile("@Disabled\\w*|@EnabledIf\\w*|@EnabledOn\\w*|@EnabledFor\\w*|"
						+ "org\\.junit\\.jupiter\\.api\\.condition|TestAbortedException|disabledWithoutDocker = true"),
				"a test that cannot run everywhere gets a @Tag, which its profile includes: mend it or delete it");
	}

	@Test
	void noTestAbortsOnAnAssumption() {
		assertNone(CodeBase.testSources(), Pattern.compile("\\bAssumptions\\b|\\bassume[A-Z]\\w*\\("),
				"an assumption makes a red test green: assert it, with a message that says what the test needs");
	}

	@Test
	void noTestSleeps() {
		// The benchmark is no test: it keeps a rate and samples by the clock.
		assertNone(
				CodeBase.testSources()
					.stream()
					.filter((source) -> !CodeBase.nameOf(source).contains("/dev/holdfast/bench/"))
					.toList(),
				Pattern.compile("Thread\\.sleep\\(|TimeUnit\\.\\w+\\.sleep\\(|LockSupport\\.parkNanos\\("),
				"wait for a latch or a queue, or for public state with Awaitility");
	}

	@Test
	void everyTestHasANameThatRunsIt() {
		Set<String> extended = CodeBase.testSources()
			.stream()
			.filter((source) -> RUN_BY_NAME.matcher(nameOf(source)).matches())
			.flatMap((source) -> EXTENDS.matcher(CodeBase.read(source)).results())
			.map((hit) -> hit.group(2))
			.collect(Collectors.toSet());
		assertThat(CodeBase.testSources()
			.stream()
			.filter((source) -> TEST_METHOD.matcher(CodeBase.read(source)).find())
			.filter((source) -> !RUN_BY_NAME.matcher(nameOf(source)).matches() && !extended.contains(nameOf(source)))
			.map(CodeBase::nameOf))
			.as("classes with tests that nothing runs: name them ...Test or ...IT, or, where they are a contract, extend"
					+ " them in one that is so named")
			.isEmpty();
	}

	@Test
	void modulesWithIntegrationTestsRunThem() {
		Set<String> modules = CodeBase.testSources()
			.stream()
			.filter((source) -> nameOf(source).endsWith("IT"))
			.map(TestRulesTest::moduleOf)
			.collect(Collectors.toCollection(TreeSet::new));
		assertThat(modules)
			.allSatisfy((module) -> assertThat(CodeBase.read(CodeBase.root().resolve(module).resolve("pom.xml")))
				.as("%s has classes named ...IT: its pom needs the failsafe plugin", module)
				.contains("maven-failsafe-plugin"));
	}

	@Test
	void noBuildFileSkipsTests() {
		assertNone(CodeBase.poms(),
				Pattern.compile("<skipTests>true|<skipITs>true|<maven\\.test\\.skip>|<testFailureIgnore>|"
						+ "<skipAfterFailureCount>|<rerunFailingTestsCount>[1-9]"),
				"a test that fails is mended, one that needs more than the default build has gets a tag and a profile");
	}

	@Test
	void testsRunInRandomOrder() {
		String pom = CodeBase.read(CodeBase.root().resolve("pom.xml"));
		Map<String, Long> runOrders = Pattern.compile("<runOrder>(\\w+)</runOrder>")
			.matcher(pom)
			.results()
			.map((hit) -> hit.group(1))
			.collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
		assertThat(runOrders).containsOnlyKeys("random").containsEntry("random", 2L);
		assertThat(pom).contains("MethodOrderer$Random", "ClassOrderer$Random");
		assertNone(CodeBase.testSources(), Pattern.compile("@Order\\(|@TestMethodOrder|@TestClassOrder"),
				"a test that needs another one before it is one test: join them");
	}

	private static void assertNone(List<Path> files, Pattern pattern, String instead) {
		assertThat(files.stream()
			.filter((file) -> !file.endsWith("TestRulesTest.java"))
			.flatMap((file) -> pattern.matcher(CodeBase.read(file))
				.results()
				.map((hit) -> CodeBase.nameOf(file) + ": " + hit.group().strip())))
			.as(instead)
			.isEmpty();
	}

	private static String nameOf(Path source) {
		return source.getFileName().toString().replace(".java", "");
	}

	private static String moduleOf(Path source) {
		String name = CodeBase.nameOf(source);
		return name.substring(0, name.indexOf("/src/"));
	}

}
