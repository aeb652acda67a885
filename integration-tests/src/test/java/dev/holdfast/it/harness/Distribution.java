package dev.holdfast.it.harness;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * What the build has put together, and the Java that runs it.
 */
public final class Distribution {

	private static final List<String> SMALL_JVM = List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
			"-Xshare:auto", "-XX:+ExitOnOutOfMemoryError", "--enable-native-access=ALL-UNNAMED",
			"--sun-misc-unsafe-memory-access=allow", "-Djava.awt.headless=true", "-Dfile.encoding=UTF-8",
			"-Dsun.jnu.encoding=UTF-8");

	private Distribution() {
	}

	/**
	 * The repository's root, with the {@code holdfast} script.
	 */
	public static Path root() {
		return property("holdfast.root");
	}

	/**
	 * Where tests may write: below {@code target/}.
	 */
	public static Path work() {
		return property("holdfast.work");
	}

	/**
	 * The directory of the S3 endpoint's jars.
	 */
	public static Path s3Jars() {
		return property("holdfast.s3.jars");
	}

	/**
	 * The command that runs a main class of the distribution.
	 */
	public static List<String> command(String mainClass, List<String> arguments) {
		Path home = property("holdfast.distribution");
		if (!Files.exists(home.resolve("holdfast.jar"))) {
			throw new IllegalStateException("No distribution at " + home + ": run 'mvn package' first");
		}
		List<String> command = new ArrayList<>();
		command.add(java().toString());
		command.addAll(SMALL_JVM);
		command.add("-cp");
		// Its manifest names what belongs to it; beside it may lie what an earlier build
		// left.
		command.add(home.resolve("holdfast.jar").toString());
		command.add(mainClass);
		command.addAll(arguments);
		return command;
	}

	/**
	 * The Java that runs these tests, which is the one that the parts are run with.
	 */
	public static Path java() {
		return javaHome().resolve("bin").resolve("java");
	}

	/**
	 * The home of that Java.
	 */
	public static Path javaHome() {
		return Path.of(Objects.requireNonNull(System.getProperty("java.home")));
	}

	private static Path property(String name) {
		String value = System.getProperty(name);
		if (value == null) {
			throw new IllegalStateException("System property " + name + " is not set: run these tests by Maven");
		}
		return Path.of(value);
	}

}
