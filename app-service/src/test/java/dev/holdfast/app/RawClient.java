package dev.holdfast.app;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * Sends exactly the bytes it is given: what clients do that are broken, hostile or gone.
 */
public final class RawClient implements AutoCloseable {

	private final Socket socket;

	public RawClient(int port) throws IOException {
		this.socket = new Socket(InetAddress.getLoopbackAddress(), port);
		this.socket.setSoTimeout(30_000);
	}

	/**
	 * Sends a whole request and reads until the server closes the connection.
	 */
	public static String exchange(int port, String request) throws IOException {
		try (RawClient client = new RawClient(port)) {
			client.send(request);
			return client.readAll();
		}
	}

	/**
	 * The head of a request with the token.
	 */
	public static String head(String method, String target, String... fields) {
		return method + " " + target + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + RunningApp.TOKEN
				+ "\r\n" + ((fields.length > 0) ? String.join("\r\n", fields) + "\r\n" : "") + "\r\n";
	}

	public RawClient send(String text) throws IOException {
		OutputStream out = this.socket.getOutputStream();
		out.write(text.getBytes(StandardCharsets.ISO_8859_1));
		out.flush();
		return this;
	}

	public String readAll() throws IOException {
		return new String(this.socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
	}

	/**
	 * Says that nothing more will come, and goes on listening.
	 */
	public void finishSending() throws IOException {
		this.socket.shutdownOutput();
	}

	/**
	 * Vanishes as a process does that is killed: the connection is reset.
	 */
	public void reset() throws IOException {
		this.socket.setSoLinger(true, 0);
		this.socket.close();
	}

	@Override
	public void close() throws IOException {
		this.socket.close();
	}

}
