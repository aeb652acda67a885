package dev.holdfast.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

import dev.holdfast.s3endpoint.S3EndpointProcess;

/**
 * The one endpoint that a whole run goes to: someone's own, or one started here.
 *
 * @param product what it is, for the report
 * @param endpoint its address
 * @param region its region
 * @param accessKey who may use it
 * @param secretKey and how that is proven
 * @param stop ends it, where it was started here
 */
record S3Server(String product, URI endpoint, String region, String accessKey, String secretKey,
		Runnable stop) implements AutoCloseable {

	private static final Path S3MOCK_JARS = Path.of("standalone/s3-endpoint/target/s3-endpoint");

	private static final Duration START = Duration.ofSeconds(20);

	private static final Duration PAUSE = Duration.ofMillis(50);

	/**
	 * A versitygw on a directory, with versions kept and connections kept open, as S3
	 * itself does.
	 */
	static S3Server versitygw(Path directory, Path log) throws IOException {
		int port = freePort();
		Path root = Files.createDirectories(directory.resolve("objects"));
		Path versions = Files.createDirectories(directory.resolve("versions"));
		ProcessBuilder builder = new ProcessBuilder(List.of("versitygw", "--port", "127.0.0.1:" + port, "--quiet",
				"--keep-alive", "posix", "--versioning-dir", versions.toString(), root.toString()));
		builder.environment().put("ROOT_ACCESS_KEY", "bench");
		builder.environment().put("ROOT_SECRET_KEY", "bench-secret");
		Process process = builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
		awaitPort(port, process::isAlive, log);
		return new S3Server("versitygw, POSIX backend, keep-alive", URI.create("http://127.0.0.1:" + port), "us-east-1",
				"bench", "bench-secret", process::destroy);
	}

	/**
	 * Holdfast's own endpoint, fit for trying things out and not for speed.
	 */
	static S3Server s3mock(Path directory) {
		S3EndpointProcess endpoint = S3EndpointProcess.start(S3MOCK_JARS.toAbsolutePath(), directory, 0);
		return new S3Server("Holdfast's own endpoint (S3Mock)", endpoint.uri(), "us-east-1", "bench", "bench-secret",
				endpoint::close);
	}

	/**
	 * Whether a program of this name is on the PATH.
	 */
	static boolean onPath(String program) {
		String path = System.getenv().getOrDefault("PATH", "");
		return List.of(path.split(":", -1)).stream().anyMatch((dir) -> Files.isExecutable(Path.of(dir, program)));
	}

	/**
	 * A port that was free a moment ago.
	 */
	static int freePort() throws IOException {
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			return socket.getLocalPort();
		}
	}

	/**
	 * Waits until something listens.
	 * @param alive whether it is still worth waiting
	 */
	static void awaitPort(int port, BooleanSupplier alive, Path log) {
		long until = System.nanoTime() + START.toNanos();
		while (true) {
			try (Socket _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
				return;
			}
			catch (IOException ex) {
				if (!alive.getAsBoolean() || System.nanoTime() > until) {
					throw new IllegalStateException("nothing answers on port " + port + ": see " + log, ex);
				}
				LockSupport.parkNanos(PAUSE.toNanos());
			}
		}
	}

	@Override
	public void close() {
		this.stop.run();
	}

}
