package dev.holdfast.architecture;

import java.util.Set;
import java.util.stream.Collectors;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.GeneralCodingRules;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static com.tngtech.archunit.lang.conditions.ArchPredicates.have;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * How code is written, whatever it does. Each rule says what to do instead.
 */
class CodeRulesTest {

	@Test
	void onlyJackson3() {
		check(noClasses().should()
			.dependOnClassesThat()
			.resideInAnyPackage("com.fasterxml.jackson.databind..", "com.fasterxml.jackson.core..",
					"com.fasterxml.jackson.dataformat..")
			.because("there is one JSON library, Jackson 3: use tools.jackson"));
	}

	@Test
	void collaboratorsComeThroughTheConstructor() {
		check(noFields().should()
			.beAnnotatedWith("org.springframework.beans.factory.annotation.Autowired")
			.orShould()
			.beAnnotatedWith("jakarta.inject.Inject")
			.orShould()
			.beAnnotatedWith("jakarta.annotation.Resource")
			.because("an object is whole once it is made, in a test too: take it as a constructor's parameter, final"));
	}

	@Test
	void settingsComeAsValidatedRecords() {
		String value = "org.springframework.beans.factory.annotation.Value";
		String instead = "settings are checked at start and listed in one reference: add a component to a"
				+ " @ConfigurationProperties record";
		check(noFields().should().beAnnotatedWith(value).because(instead));
		check(noMethods().should().beAnnotatedWith(value).because(instead));
		noClasses().should()
			.dependOnClassesThat()
			.haveFullyQualifiedName(value)
			.because(instead)
			.check(CodeBase.mainClasses());
		classes().that()
			.areAnnotatedWith("org.springframework.boot.context.properties.ConfigurationProperties")
			.should()
			.beRecords()
			.allowEmptyShould(true)
			.because("settings do not change while running: make it a record with its checks in the constructor")
			.check(CodeBase.mainClasses());
	}

	@Test
	void logsGoThroughSlf4j() {
		check(noClasses().should()
			.dependOnClassesThat()
			.resideInAnyPackage("java.util.logging..", "org.apache.commons.logging..", "org.apache.log4j..")
			.because("one log, structured: private static final Logger LOG = LoggerFactory.getLogger(X.class)"));
		fields().that()
			.haveRawType("org.slf4j.Logger")
			.should()
			.bePrivate()
			.andShould()
			.beStatic()
			.andShould()
			.beFinal()
			.allowEmptyShould(true)
			.because("private static final Logger LOG")
			.check(CodeBase.mainClasses());
	}

	@Test
	void onlyCommandLinesWriteToTheTerminal() {
		noClasses().that()
			.resideOutsideOfPackages("..cli..")
			.and(DescribedPredicate.not(isCommandLine()))
			.should(GeneralCodingRules.ACCESS_STANDARD_STREAMS)
			.because("services log: use slf4j. A command line belongs into a package named cli or a picocli"
					+ " command, a process of its own starts in a class with a main method")
			.check(CodeBase.mainClasses());
		noClasses().that(DescribedPredicate.not(isCommandLine()))
			.should()
			.callMethodWhere(DescribedPredicate.describe("prints a stack trace",
					(call) -> call.getTarget().getName().equals("printStackTrace")))
			.because("a stack trace belongs into the log: LOG.error(message, ex)")
			.check(CodeBase.mainClasses());
	}

	@Test
	void onlyCommandLinesEndTheProcess() {
		noClasses().that()
			.resideOutsideOfPackages("..cli..")
			.and(DescribedPredicate.not(isCommandLine()))
			.should()
			.callMethod(System.class, "exit", int.class)
			.orShould()
			.callMethod(Runtime.class, "halt", int.class)
			.orShould()
			.callMethod(Runtime.class, "exit", int.class)
			.because("whoever started the code decides when it ends: throw, and say what to do about it")
			.check(CodeBase.mainClasses());
	}

	@Test
	void testsWaitForSignals() {
		check(CodeBase.testClasses(),
				noClasses().should().callMethodWhere(DescribedPredicate.describe("sleeps", (call) -> {
					String target = call.getTargetOwner().getFullName() + "." + call.getTarget().getName();
					return Set
						.of("java.lang.Thread.sleep", "java.util.concurrent.TimeUnit.sleep",
								"java.util.concurrent.locks.LockSupport.parkNanos")
						.contains(target);
				}))
					.because(
							"a sleep is too short on a busy machine and too long on every other: wait for a latch or a queue, or"
									+ " for public state with Awaitility"));
	}

	@Test
	void ownTypesAreFakedAndNotMocked() {
		check(CodeBase.testClasses(), noClasses().should()
			.dependOnClassesThat()
			.resideInAnyPackage("org.mockito..", "org.springframework.test.context.bean.override.mockito..",
					"org.easymock..")
			.because(
					"a mock proves that the test knows the code: write a fake that keeps the contract, as the in-memory"
							+ " object store does"));
	}

	@Test
	void packagesAreNullMarked() {
		JavaClasses all = CodeBase.mainClasses();
		Set<String> marked = all.stream()
			.filter((type) -> type.getSimpleName().equals("package-info") && type.isAnnotatedWith(NullMarked.class))
			.map(JavaClass::getPackageName)
			.collect(Collectors.toSet());
		assertThat(all.stream().map(JavaClass::getPackageName).distinct())
			.as("packages with a package-info.java that says what they are for and has @NullMarked")
			.allSatisfy((name) -> assertThat(marked).contains(name));
	}

	@Test
	void constantsAreImmutable() {
		fields().that()
			.areStatic()
			.and(DescribedPredicate.not(have(nameMatching(".*\\$.*"))))
			.and()
			.doNotHaveModifier(JavaModifier.SYNTHETIC)
			.should()
			.beFinal()
			.allowEmptyShould(true)
			.because("state that all share cannot be tested apart: keep it in an object that is passed on")
			.check(CodeBase.mainClasses());
	}

	/** Programs that people start and read. */
	private static DescribedPredicate<JavaClass> isCommandLine() {
		return DescribedPredicate.describe("start a process",
				(type) -> outermost(type).isAnnotatedWith("picocli.CommandLine$Command")
						|| outermost(type).getMethods().stream().anyMatch((method) -> method.getName().equals("main")));
	}

	private static JavaClass outermost(JavaClass type) {
		return type.getEnclosingClass().map(CodeRulesTest::outermost).orElse(type);
	}

	private static void check(ArchRule rule) {
		check(CodeBase.mainClasses(), rule);
		check(CodeBase.testClasses(), rule);
	}

	private static void check(JavaClasses classes, ArchRule rule) {
		rule.check(classes);
	}

}
