package dev.holdfast.architecture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;

/**
 * Where the sources and classes of all modules are.
 */
final class CodeBase {

	/** The modules of the build, in its order. */
	static final List<String> MODULES = List.of("shared-model", "standalone/kafka-broker", "standalone/s3-endpoint",
			"shared-kafka", "app-service", "sync-worker", "standalone", "integration-tests");

	private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

	private CodeBase() {
	}

	static Path root() {
		return ROOT;
	}

	/** What is shipped. */
	static JavaClasses mainClasses() {
		return Main.CLASSES;
	}

	/**
	 * Tests. Those of integration-tests are compiled after this module: where a rule has
	 * to hold for them too, it reads sources.
	 */
	static JavaClasses testClasses() {
		return Tests.CLASSES;
	}

	/** Every Java source of every module. */
	static List<Path> sources() {
		return sourcesBelow("src");
	}

	static List<Path> mainSources() {
		return sourcesBelow("src/main/java");
	}

	static List<Path> testSources() {
		return sourcesBelow("src/test/java");
	}

	static List<Path> poms() {
		return Stream.concat(Stream.of(ROOT), MODULES.stream().map(ROOT::resolve))
			.map((module) -> module.resolve("pom.xml"))
			.toList();
	}

	/** The documents that people read. */
	static List<Path> documents() {
		try (Stream<Path> files = Files.walk(ROOT.resolve("docs"))) {
			return Stream
				.concat(Stream.of("README.md", "CONTRIBUTING.md").map(ROOT::resolve),
						files.filter((file) -> file.toString().endsWith(".md")).sorted())
				.toList();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	static String read(Path file) {
		try {
			return Files.readString(file);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** The source's path as it is written in a list of exceptions. */
	static String nameOf(Path file) {
		return ROOT.relativize(file).toString();
	}

	private static List<Path> sourcesBelow(String directory) {
		return MODULES.stream()
			.map((module) -> ROOT.resolve(module).resolve(directory))
			.filter(Files::isDirectory)
			.flatMap(CodeBase::javaFiles)
			.sorted()
			.toList();
	}

	private static Stream<Path> javaFiles(Path directory) {
		try (Stream<Path> files = Files.walk(directory)) {
			return files.filter((file) -> file.toString().endsWith(".java")).toList().stream();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static JavaClasses classesIn(String directory) {
		List<Path> directories = MODULES.stream()
			.filter((module) -> !module.equals("integration-tests"))
			.map((module) -> ROOT.resolve(module).resolve("target").resolve(directory))
			.filter(Files::isDirectory)
			.toList();
		return new ClassFileImporter().importPaths(directories);
	}

	private static final class Main {

		private static final JavaClasses CLASSES = classesIn("classes");

	}

	private static final class Tests {

		private static final JavaClasses CLASSES = classesIn("test-classes");

	}

}
