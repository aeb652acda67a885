package dev.holdfast.s3endpoint;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;

/**
 * An S3 endpoint in a process of its own: path style, plain HTTP, on 127.0.0.1 only. It
 * keeps buckets, objects and versions in a directory and can be started again on it.
 * Buckets are made by its users, through S3.
 * <p>
 * The process ends by itself when this JVM ends, however that happens. It does not hear
 * the signals that terminals and service managers send to all processes of a group
 * (Ctrl-C, SIGTERM), so that its parent can stop it last.
 */
public final class S3EndpointProcess implements AutoCloseable {

	private static final String HOST = "127.0.0.1";

	private static final Duration START_TIMEOUT = Duration.ofMinutes(3);

	private static final Duration STOP_TIMEOUT = Duration.ofSeconds(10);

	private static final int START_ATTEMPTS = 5;

	// Below the range from which systems take the ports of outgoing connections: a client
	// that keeps reconnecting would, sooner or later, sit on the port itself.
	private static final int LOWEST_PORT = 20_000;

	private static final int HIGHEST_PORT = 32_000;

	private final Process process;

	private final int port;

	private S3EndpointProcess(Process process, int port) {
		this.process = process;
		this.port = port;
	}

	/**
	 * Starts the process and returns when it takes requests.
	 * @param jarDirectory the directory of jars that the build of this module makes
	 * @param dataDirectory where the objects are, or will be; created where missing
	 * @param port the port to listen on, 0 for any free one
	 * @throws S3EndpointException where it does not start; its message says why
	 */
	public static S3EndpointProcess start(Path jarDirectory, Path dataDirectory, int port) {
		if (port != 0) {
			if (!isFree(port)) {
				throw new S3EndpointException(
						"S3 endpoint: port %d is in use: stop what listens there or choose another port"
							.formatted(port));
			}
			return startOnce(jarDirectory, dataDirectory, port);
		}
		for (int attempt = 1;; attempt++) {
			int free = freePort();
			try {
				return startOnce(jarDirectory, dataDirectory, free);
			}
			catch (S3EndpointException ex) {
				if (isFree(free) || attempt == START_ATTEMPTS) {
					throw ex;
				}
				// Somebody else took the port in the meantime: another one.
			}
		}
	}

	private static S3EndpointProcess startOnce(Path jarDirectory, Path dataDirectory, int port) {
		if (!Files.isDirectory(jarDirectory)) {
			throw new S3EndpointException("S3 endpoint: no directory of jars at %s: build Holdfast first (mvn package)"
				.formatted(jarDirectory));
		}
		Path log = dataDirectory.resolve("endpoint.log");
		Process process = launch(jarDirectory, dataDirectory, log, port);
		S3EndpointProcess endpoint = new S3EndpointProcess(process, port);
		boolean ready = false;
		try {
			endpoint.awaitReady(log);
			ready = true;
			return endpoint;
		}
		finally {
			if (!ready) {
				endpoint.kill();
			}
		}
	}

	private static Process launch(Path jarDirectory, Path dataDirectory, Path log, int port) {
		Path java = Path.of(System.getProperty("java.home"), "bin", "java");
		Path objects = dataDirectory.toAbsolutePath().resolve("objects");
		// Signals that are ignored here stay ignored in the JVM that takes the shell's
		// place.
		List<String> command = List.of("/bin/sh", "-c", "trap '' INT HUP TERM; exec \"$@\"", "s3-endpoint",
				java.toString(), "-Xmx512m", "-XX:+UseSerialGC", "-XX:MinHeapFreeRatio=10", "-XX:MaxHeapFreeRatio=30",
				"-Dfile.encoding=UTF-8", "-cp", jarDirectory.toAbsolutePath() + "/*", S3EndpointMain.class.getName(),
				objects.toString(), Integer.toString(port));
		ProcessBuilder builder = new ProcessBuilder(command).redirectError(log.toFile());
		builder.environment().put("LC_ALL", "C.UTF-8");
		// Spring Boot reads its settings from there, and these are meant for others.
		builder.environment().keySet().removeIf((name) -> name.startsWith("SPRING_") || name.startsWith("SERVER_"));
		try {
			Files.createDirectories(objects);
			return builder.start();
		}
		catch (IOException ex) {
			throw new S3EndpointException(
					"S3 endpoint: data directory %s cannot be written to or %s cannot be run (%s): make it writable or choose another"
						.formatted(dataDirectory, java, ex.getMessage()),
					ex);
		}
	}

	private void awaitReady(Path log) {
		CompletableFuture<Boolean> ready = new CompletableFuture<>();
		// Reading a pipe blocks the thread that carries a virtual one, for as long as the
		// child lives, and there are only as many carriers as cores.
		Thread.ofPlatform().daemon().name("s3-endpoint-output").start(() -> readOutput(ready));
		try {
			if (!ready.get(START_TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
				throw new S3EndpointException("S3 endpoint ended while starting: " + lastLines(log));
			}
		}
		catch (TimeoutException ex) {
			throw new S3EndpointException(
					"S3 endpoint was not ready after %s, see %s: %s".formatted(START_TIMEOUT, log, lastLines(log)), ex);
		}
		catch (ExecutionException ex) {
			throw new S3EndpointException("S3 endpoint: its output cannot be read", ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new S3EndpointException("S3 endpoint: interrupted while starting", ex);
		}
	}

	private void readOutput(CompletableFuture<Boolean> ready) {
		try (BufferedReader output = this.process.inputReader(StandardCharsets.UTF_8)) {
			// Read to its end: a full pipe would stop the child.
			output.lines().filter("ready"::equals).forEach((line) -> ready.complete(true));
			ready.complete(false);
		}
		catch (IOException | UncheckedIOException ex) {
			ready.completeExceptionally(ex);
		}
	}

	private static String lastLines(Path log) {
		try {
			List<String> lines = Files.readAllLines(log, StandardCharsets.UTF_8);
			return String.join(" | ", lines.subList(Math.max(0, lines.size() - 5), lines.size()));
		}
		catch (IOException ex) {
			return "no log: " + ex.getMessage();
		}
	}

	/**
	 * The endpoint's address, without a path.
	 */
	public URI uri() {
		return URI.create("http://" + HOST + ":" + this.port);
	}

	/**
	 * The port it listens on.
	 */
	public int port() {
		return this.port;
	}

	/**
	 * The id of the process.
	 */
	public long pid() {
		return this.process.pid();
	}

	/**
	 * Whether the process still runs.
	 */
	public boolean isAlive() {
		return this.process.isAlive();
	}

	/**
	 * Completes when the process has ended, for whatever reason.
	 */
	public CompletableFuture<S3EndpointProcess> onExit() {
		return this.process.onExit().thenApply((ended) -> this);
	}

	/**
	 * Ends the process at once, as {@code kill -9} does, and returns when it is gone.
	 */
	public void kill() {
		this.process.destroyForcibly();
		this.process.onExit().join();
	}

	/**
	 * Lets the process finish the requests it has, and returns when it is gone. May be
	 * called again.
	 */
	@Override
	public void close() {
		try {
			this.process.getOutputStream().close();
			if (!this.process.waitFor(STOP_TIMEOUT)) {
				kill();
			}
		}
		catch (IOException ex) {
			kill();
		}
		catch (InterruptedException ex) {
			kill();
			Thread.currentThread().interrupt();
		}
	}

	private static int freePort() {
		RandomGenerator random = RandomGenerator.getDefault();
		for (int i = 0; i < 200; i++) {
			int port = random.nextInt(LOWEST_PORT, HIGHEST_PORT);
			if (isFree(port)) {
				return port;
			}
		}
		throw new S3EndpointException("S3 endpoint: no free port between %d and %d: stop some servers on this machine"
			.formatted(LOWEST_PORT, HIGHEST_PORT));
	}

	private static boolean isFree(int port) {
		try (ServerSocket socket = new ServerSocket()) {
			socket.setReuseAddress(true);
			socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
			return true;
		}
		catch (IOException ex) {
			return false;
		}
	}

}
