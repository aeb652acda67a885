package dev.holdfast.it.harness;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * Requests byte for byte as given: no client corrects their paths on the way.
 */
public final class RawHttp {

	private static final int PATIENCE_MILLIS = 30_000;

	private RawHttp() {
	}

	/**
	 * Sends a request with any target and returns the answer's status.
	 * @param target sent as ISO 8859-1, so that any byte can be written
	 */
	public static Answer send(URI server, String method, String target, String token, byte[] body) throws IOException {
		try (Socket socket = new Socket(server.getHost(), server.getPort())) {
			socket.setSoTimeout(PATIENCE_MILLIS);
			OutputStream out = socket.getOutputStream();
			String head = method + " " + target + " HTTP/1.1\r\nHost: holdfast\r\nAuthorization: Bearer " + token
					+ "\r\nConnection: close\r\nContent-Length: " + body.length + "\r\n\r\n";
			out.write(head.getBytes(StandardCharsets.ISO_8859_1));
			out.write(body);
			out.flush();
			String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
			if (!answer.startsWith("HTTP/1.1 ")) {
				throw new IOException("No HTTP answer to " + method + " " + target + ": " + answer);
			}
			int end = answer.indexOf("\r\n\r\n");
			return new Answer(Integer.parseInt(answer.substring(9, 12)),
					Map.of("head", List.of(answer.substring(0, end))),
					answer.substring(end + 4).getBytes(StandardCharsets.UTF_8));
		}
	}

}
