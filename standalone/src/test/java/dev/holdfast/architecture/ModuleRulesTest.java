package dev.holdfast.architecture;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Who may depend on whom.
 */
class ModuleRulesTest {

	@Test
	void everyModuleIsLookedAt() {
		Set<String> missing = new TreeSet<>();
		for (String module : CodeBase.MODULES) {
			Path root = CodeBase.root().resolve(module);
			if (Files.isDirectory(root.resolve("src/main/java"))
					&& !Files.isDirectory(root.resolve("target/classes"))) {
				missing.add(module);
			}
		}
		assertThat(missing).as("modules that are not compiled: run the build from the top, or with -am").isEmpty();
		String modules = CodeBase.read(CodeBase.root().resolve("pom.xml"));
		assertThat(CodeBase.MODULES)
			.allSatisfy((module) -> assertThat(modules).contains("<module>" + module + "</module>"));
		assertThat(modules.split("<module>", -1)).hasSize(CodeBase.MODULES.size() + 1);
		assertThat(CodeBase.mainClasses().stream().map(JavaClass::getPackageName)).contains("dev.holdfast.model",
				"dev.holdfast.broker", "dev.holdfast.s3endpoint", "dev.holdfast.kafka", "dev.holdfast.app.catalog",
				"dev.holdfast.worker.store");
	}

	@Test
	void sharedModelNeedsTheJdkAndJacksonOnly() {
		classes().that()
			.resideInAPackage("dev.holdfast.model..")
			.should()
			.onlyDependOnClassesThat()
			.resideInAnyPackage("dev.holdfast.model..", "java..", "tools.jackson..",
					"com.fasterxml.jackson.annotation..", "org.jspecify..")
			.because(
					"any program that reads the topics can use it: put what needs Spring, Kafka or AWS into the service"
							+ " that uses it, or into shared-kafka")
			.check(CodeBase.mainClasses());
	}

	@Test
	void onlyTheStorePackageSpeaksToS3() {
		noClasses().that()
			.resideOutsideOfPackage("dev.holdfast.worker.store..")
			.should()
			.dependOnClassesThat()
			.resideInAPackage("software.amazon.awssdk..")
			.because("failures are classified in one place: call dev.holdfast.worker.store.ObjectStore, and give it a"
					+ " method where it lacks one")
			.check(CodeBase.mainClasses());
	}

	@Test
	void appServiceHoldsNoStoreCredentials() {
		noClasses().that()
			.resideInAPackage("dev.holdfast.app..")
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("software.amazon.awssdk..", "dev.holdfast.worker..", "dev.holdfast.standalone..")
			.because("sync-worker owns the stores: ask it over HTTP, or read the ledger")
			.check(CodeBase.mainClasses());
	}

	@Test
	void syncWorkerDoesNotReachIntoAppService() {
		noClasses().that()
			.resideInAPackage("dev.holdfast.worker..")
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("dev.holdfast.app..", "dev.holdfast.standalone..", "dev.holdfast.broker..",
					"dev.holdfast.s3endpoint..")
			.because("the two run on different machines: what both need travels through shared-model, by topic or HTTP")
			.check(CodeBase.mainClasses());
	}

	@Test
	void servicesDoNotKnowThatTheyRunStandalone() {
		noClasses().that()
			.resideInAnyPackage("dev.holdfast.app..", "dev.holdfast.kafka..", "dev.holdfast.model..",
					"dev.holdfast.broker..", "dev.holdfast.s3endpoint..")
			.should()
			.dependOnClassesThat()
			.resideInAPackage("dev.holdfast.standalone..")
			.because("standalone wires the same code differently: pass the difference in as a property")
			.check(CodeBase.mainClasses());
	}

	@Test
	void s3EndpointIsStartedWithTheJdkAlone() {
		classes().that()
			.haveSimpleName("S3EndpointProcess")
			.should()
			.onlyDependOnClassesThat()
			.resideInAnyPackage("dev.holdfast.s3endpoint..", "java..", "org.jspecify..", "org.slf4j..")
			.because("the endpoint's dependencies are on the child's class path only: start it as a process")
			.check(CodeBase.mainClasses());
	}

	@ParameterizedTest
	@ValueSource(strings = { "dev.holdfast.app", "dev.holdfast.worker", "dev.holdfast.standalone" })
	void featuresAreFreeOfCycles(String module) {
		SlicesRuleDefinition.slices()
			.matching(module + ".(*)..")
			.should()
			.beFreeOfCycles()
			.allowEmptyShould(true)
			.because(
					"packages that need each other are one package: move what both use into the one below, or pass it in"
							+ " as an interface of the one that calls")
			.check(CodeBase.mainClasses());
	}

	@Test
	void modulesAreFreeOfCycles() {
		SlicesRuleDefinition.slices()
			.matching("dev.holdfast.(*)..")
			.should()
			.beFreeOfCycles()
			.because("modules are layers: move what both use into the lower one")
			.check(CodeBase.mainClasses());
	}

}
