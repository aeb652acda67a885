package dev.holdfast.it.harness;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Ports for parts that come back on the same one after a kill.
 * <p>
 * Not the system's ephemeral ones: while a part is down, its port would be free for any
 * outgoing connection to take, even for a client of that very part, which would then be
 * connected to itself.
 */
public final class Ports {

	private static final int LOWEST = 20_000;

	private static final int BELOW_EPHEMERAL = 32_000;

	private static final Set<Integer> GIVEN = new HashSet<>();

	private static final RandomGenerator RANDOM = RandomGenerator.getDefault();

	private Ports() {
	}

	/**
	 * A port that nobody listens on and that this has not given out before.
	 */
	public static synchronized int next() {
		while (true) {
			int port = RANDOM.nextInt(LOWEST, BELOW_EPHEMERAL);
			if (isFree(port) && GIVEN.add(port)) {
				return port;
			}
		}
	}

	private static boolean isFree(int port) {
		try (ServerSocket socket = new ServerSocket()) {
			socket.setReuseAddress(true);
			socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
			return true;
		}
		catch (IOException _) {
			return false;
		}
	}

}
