package dev.holdfast.it.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;

/**
 * A part that would forget everything if it were killed: the port under which it is known
 * is, instead. Connections break, new ones are refused, and nobody can tell it from an
 * end; what is in the part is still there afterwards.
 */
final class RelayedPart implements Part {

	private final Part part;

	private final int from;

	private final int to;

	private final Set<Socket> connections = ConcurrentHashMap.newKeySet();

	private @Nullable ServerSocket listener;

	/**
	 * A part that is not running yet.
	 * @param from the port under which it is known
	 * @param to the port that it has
	 */
	RelayedPart(Part part, int from, int to) {
		this.part = part;
		this.from = from;
		this.to = to;
	}

	@Override
	public String name() {
		return this.part.name();
	}

	@Override
	public synchronized void start() {
		if (isAlive()) {
			throw new IllegalStateException(name() + " runs already");
		}
		if (!this.part.isAlive()) {
			this.part.start();
		}
		try {
			ServerSocket socket = new ServerSocket();
			socket.setReuseAddress(true);
			socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), this.from));
			this.listener = socket;
			Thread.ofVirtual().name(name() + "-relay").start(() -> accept(socket));
		}
		catch (IOException ex) {
			throw new UncheckedIOException("Could not listen on " + this.from, ex);
		}
	}

	private void accept(ServerSocket socket) {
		while (true) {
			try {
				Socket client = socket.accept();
				this.connections.add(client);
				if (socket.isClosed()) {
					// Killed after it was accepted, and perhaps before it was known of.
					shut(client);
				}
				Thread.ofVirtual().start(() -> relay(client));
			}
			catch (IOException _) {
				// Closed.
				return;
			}
		}
	}

	private void relay(Socket client) {
		try (client; Socket server = new Socket(InetAddress.getLoopbackAddress(), this.to)) {
			this.connections.add(server);
			if (client.isClosed()) {
				return;
			}
			Thread back = Thread.ofVirtual().start(() -> pump(server, client));
			pump(client, server);
			back.join();
			this.connections.remove(server);
		}
		catch (IOException _) {
			// The part cannot be reached, which is what its client then sees.
		}
		catch (InterruptedException _) {
			Thread.currentThread().interrupt();
		}
		finally {
			this.connections.remove(client);
		}
	}

	/** One way, to its end; a way that breaks takes the other one with it. */
	private static void pump(Socket from, Socket to) {
		try {
			from.getInputStream().transferTo(to.getOutputStream());
			to.shutdownOutput();
		}
		catch (IOException _) {
			shut(from);
			shut(to);
		}
	}

	private static void shut(Socket socket) {
		try {
			socket.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException("A relayed connection does not close", ex);
		}
	}

	@Override
	public void awaitReady() {
		this.part.awaitReady();
	}

	@Override
	public synchronized void kill() {
		ServerSocket open = this.listener;
		this.listener = null;
		if (open != null) {
			try {
				open.close();
			}
			catch (IOException ex) {
				throw new UncheckedIOException("Port " + this.from + " does not close", ex);
			}
			this.connections.forEach(RelayedPart::shut);
			this.connections.clear();
		}
	}

	@Override
	public int terminate() {
		kill();
		return 0;
	}

	@Override
	public void freeze() {
		this.part.freeze();
	}

	@Override
	public void thaw() {
		this.part.thaw();
	}

	@Override
	public synchronized boolean isAlive() {
		return this.listener != null && this.part.isAlive();
	}

	@Override
	public String log() {
		return this.part.log();
	}

	@Override
	public void close() {
		kill();
		this.part.close();
	}

}
