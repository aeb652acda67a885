package dev.holdfast.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * One of Holdfast's parts as a process of its own, its output in a file.
 */
final class JavaPart implements AutoCloseable {

	private static final Duration GRACE = Duration.ofSeconds(40);

	private final String name;

	private final Process process;

	private final Path log;

	private JavaPart(String name, Process process, Path log) {
		this.name = name;
		this.process = process;
		this.log = log;
	}

	/**
	 * Starts a main class.
	 * @param classPath where its classes are
	 * @param jvm options of the JVM
	 * @param environment beside this process's own; where secrets go, as arguments can be
	 * read by anyone on the machine
	 */
	static JavaPart start(String name, String classPath, List<String> jvm, String mainClass, List<String> arguments,
			Map<String, String> environment, Path log) throws IOException {
		List<String> command = new ArrayList<>();
		command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
		command.addAll(jvm);
		command.addAll(List.of("-cp", classPath, mainClass));
		command.addAll(arguments);
		ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true)
			.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
		builder.environment().putAll(environment);
		return new JavaPart(name, builder.start(), log);
	}

	long pid() {
		return this.process.pid();
	}

	Duration cpu() {
		return ProcFs.cpu(pid());
	}

	long residentBytes() {
		return ProcFs.residentBytes(pid());
	}

	/**
	 * The most memory it has had resident.
	 */
	long peakResidentBytes() {
		return ProcFs.peakResidentBytes(pid());
	}

	boolean isAlive() {
		return this.process.isAlive();
	}

	/**
	 * Fails where the process has ended by itself.
	 */
	void checkAlive() {
		if (!this.process.isAlive()) {
			throw new IllegalStateException(
					this.name + " ended with status " + this.process.exitValue() + ": see " + this.log);
		}
	}

	/**
	 * Waits for a process that ends by itself.
	 * @return its exit status
	 */
	int await(Duration atMost) throws InterruptedException {
		if (!this.process.waitFor(atMost)) {
			throw new IllegalStateException(this.name + " did not end within " + atMost + ": see " + this.log);
		}
		return this.process.exitValue();
	}

	/**
	 * Sends it a signal.
	 * @param signal for example {@code STOP}
	 */
	void signal(String signal) throws IOException, InterruptedException {
		int status = new ProcessBuilder("kill", "-" + signal, Long.toString(pid())).inheritIO().start().waitFor();
		if (status != 0) {
			throw new IllegalStateException("kill -" + signal + " of " + this.name + " ended with status " + status);
		}
	}

	/**
	 * Ends it as a service manager would, by force only where that does not help.
	 */
	@Override
	public void close() {
		this.process.destroy();
		try {
			if (!this.process.waitFor(GRACE.toSeconds(), TimeUnit.SECONDS)) {
				this.process.destroyForcibly().waitFor();
			}
		}
		catch (InterruptedException ex) {
			this.process.destroyForcibly();
			Thread.currentThread().interrupt();
		}
	}

}
