package dev.holdfast.it.harness;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Part} started by a command.
 */
public final class ProcessPart implements Part {

	private static final Duration ENDS_WITHIN = Duration.ofMinutes(2);

	private final String name;

	private final List<String> command;

	private final Map<String, String> environment;

	private final Path directory;

	private final Path log;

	private final BooleanSupplier ready;

	private @Nullable Process process;

	/**
	 * A part that is not running yet.
	 * @param directory where it runs and its log, all that it prints, is kept
	 * @param ready whether it can do its work, asked again and again
	 */
	public ProcessPart(String name, List<String> command, Map<String, String> environment, Path directory,
			BooleanSupplier ready) {
		this.name = name;
		this.command = List.copyOf(command);
		this.environment = Map.copyOf(environment);
		this.directory = directory;
		this.log = directory.resolve(name + ".log");
		this.ready = ready;
	}

	@Override
	public String name() {
		return this.name;
	}

	@Override
	public synchronized void start() {
		if (isAlive()) {
			throw new IllegalStateException(this.name + " runs already");
		}
		try {
			Files.createDirectories(this.directory);
			Files.writeString(this.log, "---- " + this.name + " started at " + Instant.now() + "\n",
					StandardOpenOption.CREATE, StandardOpenOption.APPEND);
			ProcessBuilder builder = new ProcessBuilder(this.command).redirectErrorStream(true)
				.redirectInput(new File("/dev/null"))
				.redirectOutput(ProcessBuilder.Redirect.appendTo(this.log.toFile()))
				.directory(this.directory.toFile());
			forgetOwn(builder.environment());
			builder.environment().putAll(this.environment);
			this.process = builder.start();
		}
		catch (IOException ex) {
			throw new UncheckedIOException("Could not start " + this.name, ex);
		}
		Leftovers.add(this.process.toHandle());
	}

	/** What the machine's own environment says must not decide what is tested. */
	private static void forgetOwn(Map<String, String> environment) {
		environment.keySet()
			.removeIf((key) -> key.startsWith("AWS_") || key.startsWith("HOLDFAST_") || key.startsWith("SPRING_")
					|| key.startsWith("JAVA_") || key.startsWith("JDK_") || key.equals("MEDIA_ROOT")
					|| key.equals("UPLOAD_FOLDER") || key.equals("USE_S3"));
	}

	@Override
	public void awaitReady() {
		Process running = running();
		Awaitility.await(this.name + " to be ready, see " + this.log)
			.atMost(STARTS_WITHIN)
			.pollDelay(Duration.ZERO)
			.pollInterval(Duration.ofMillis(100))
			.until(() -> !running.isAlive() || this.ready.getAsBoolean());
		if (!running.isAlive()) {
			throw new AssertionError(this.name + " exited with " + running.exitValue() + " instead of getting ready:\n"
					+ Logs.tail(log()));
		}
	}

	@Override
	public synchronized void kill() {
		Process running = this.process;
		if (running != null) {
			running.destroyForcibly();
			awaitEnd(running);
		}
	}

	@Override
	public int terminate() {
		Process running = running();
		running.destroy();
		awaitEnd(running);
		return running.exitValue();
	}

	@Override
	public void freeze() {
		Signals.send("STOP", running().pid());
	}

	@Override
	public void thaw() {
		Signals.send("CONT", running().pid());
	}

	@Override
	public synchronized boolean isAlive() {
		return this.process != null && this.process.isAlive();
	}

	@Override
	public String log() {
		return read(this.log);
	}

	static String read(Path log) {
		try {
			return Files.exists(log) ? new String(Files.readAllBytes(log), StandardCharsets.UTF_8) : "";
		}
		catch (IOException ex) {
			throw new UncheckedIOException("Could not read log " + log, ex);
		}
	}

	/**
	 * Waits until it has ended by itself.
	 * @return its exit status
	 */
	public int awaitExit() {
		Process running = running();
		awaitEnd(running);
		return running.exitValue();
	}

	private synchronized Process running() {
		if (this.process == null) {
			throw new IllegalStateException(this.name + " was never started");
		}
		return this.process;
	}

	private void awaitEnd(Process running) {
		try {
			if (!running.waitFor(ENDS_WITHIN.toSeconds(), TimeUnit.SECONDS)) {
				throw new AssertionError(this.name + " did not end within " + ENDS_WITHIN + ":\n" + Logs.tail(log()));
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new AssertionError("Interrupted while waiting for the end of " + this.name, ex);
		}
	}

}
