package dev.holdfast.broker;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.random.RandomGenerator;

/**
 * Finds TCP ports of the loopback interface that nobody listens on.
 */
public final class FreePort {

	// Below the range from which systems take the ports of outgoing connections. In that
	// range a client that keeps reconnecting to a stopped server is, sooner or later,
	// connected to itself, and the server cannot have its port back.
	private static final int LOWEST = 20_000;

	private static final int HIGHEST = 32_000;

	private static final int ATTEMPTS = 200;

	private FreePort() {
	}

	/**
	 * A port that was free a moment ago. Somebody else may take it before the caller
	 * does, so who asks has to be ready to ask again.
	 */
	public static int find() {
		RandomGenerator random = RandomGenerator.getDefault();
		for (int i = 0; i < ATTEMPTS; i++) {
			int port = random.nextInt(LOWEST, HIGHEST);
			if (isFree(port)) {
				return port;
			}
		}
		throw new IllegalStateException(
				"No free port between %d and %d in %d attempts: stop some servers on this machine".formatted(LOWEST,
						HIGHEST, ATTEMPTS));
	}

	/**
	 * Whether a server could listen on the port of the loopback interface now.
	 */
	public static boolean isFree(int port) {
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
