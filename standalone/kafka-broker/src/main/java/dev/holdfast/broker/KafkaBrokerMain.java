package dev.holdfast.broker;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;

import org.jspecify.annotations.Nullable;

/**
 * Runs the broker as a process of its own: {@code --data DIR [--port N]}. Prints
 * {@code ready HOST:PORT} once it takes requests, and stops in good order on SIGTERM.
 * <p>
 * Exit codes: 0 stopped by a signal, 1 did not start or gave up later, 2 wrong arguments.
 */
public final class KafkaBrokerMain {

	private KafkaBrokerMain() {
	}

	/**
	 * Runs until the broker is stopped.
	 */
	public static void main(String[] args) {
		Arguments arguments = null;
		try {
			arguments = Arguments.parse(args);
		}
		catch (IllegalArgumentException ex) {
			System.err.println(ex.getMessage());
			System.exit(2);
		}
		if (arguments != null) {
			System.exit(run(arguments.data(), arguments.port()));
		}
	}

	/**
	 * Runs a broker, and returns only where it does not start or gives up by itself.
	 * @param data its data directory
	 * @param port its port, 0 for any free one
	 * @return the exit code for the process
	 */
	public static int run(Path data, int port) {
		KafkaBroker broker;
		try {
			broker = KafkaBroker.start(data, port);
		}
		catch (BrokerStartException ex) {
			System.err.println(ex.getMessage());
			return 1;
		}
		Runtime.getRuntime().addShutdownHook(new Thread(broker::close, "stop-broker"));
		System.out.println("ready " + broker.bootstrapServers());
		String failure = broker.failure().toCompletableFuture().join();
		System.err.println("Kafka broker gave up: " + failure);
		return 1;
	}

	private record Arguments(Path data, int port) {

		static Arguments parse(String[] args) {
			Path data = null;
			int port = 0;
			for (int i = 0; i + 1 < args.length; i += 2) {
				switch (args[i]) {
					case "--data" -> data = path(args[i + 1]);
					case "--port" -> port = port(args[i + 1]);
					default -> throw usage("unknown option " + args[i]);
				}
			}
			if (data == null || args.length % 2 != 0) {
				throw usage(null);
			}
			return new Arguments(data, port);
		}

		private static Path path(String text) {
			try {
				return Path.of(text);
			}
			catch (InvalidPathException ex) {
				throw usage("not a path: " + text);
			}
		}

		private static int port(String text) {
			try {
				return Integer.parseUnsignedInt(text);
			}
			catch (NumberFormatException ex) {
				throw usage("not a port: " + text);
			}
		}

		private static IllegalArgumentException usage(@Nullable String wrong) {
			return new IllegalArgumentException(((wrong != null) ? wrong + "; " : "") + "usage: --data DIR [--port N]");
		}

	}

}
