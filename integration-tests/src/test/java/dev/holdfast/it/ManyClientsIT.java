package dev.holdfast.it;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import dev.holdfast.it.harness.Bytes;
import dev.holdfast.it.harness.Http;
import dev.holdfast.it.harness.Running;
import dev.holdfast.it.harness.Stack;
import dev.holdfast.model.Digest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * More clients at once than the service has memory for: they wait, and each gets its
 * answer.
 */
class ManyClientsIT {

	private static final int CLIENTS = 2_500;

	private static final int PATIENCE_MILLIS = 180_000;

	@RegisterExtension
	static final Running RUNNING = Running.stack(() -> Stack.named("many-clients")
		// A machine that is busy may take longer to connect so many.
		.app("--server.tomcat.connection-timeout=180s")
		.build());

	private final Stack stack = RUNNING.get();

	@Test
	void everyOneIsAnswered() throws Exception {
		CountDownLatch allHaveBegun = new CountDownLatch(CLIENTS);
		List<String> answers = new ArrayList<>();
		try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
			List<Future<String>> uploads = new ArrayList<>();
			for (int i = 0; i < CLIENTS; i++) {
				uploads.add(clients.submit(upload(file(i), content(i), allHaveBegun)));
			}
			for (Future<String> upload : uploads) {
				answers.add(upload.get());
			}
		}

		assertThat(answers).hasSize(CLIENTS).allMatch((answer) -> answer.startsWith("HTTP/1.1 201"));
		assertThat(Http.isOk(this.stack.api().base().resolve("/actuator/health/readiness"))).isTrue();
		this.stack.awaitAllReplicated(CLIENTS);
		for (int i = 0; i < CLIENTS; i += 100) {
			assertThat(this.stack.bucket().digest(file(i))).hasValue(Digest.of(content(i)));
		}
	}

	private static String file(int number) {
		return "media/many-clients/" + number;
	}

	private static byte[] content(int number) {
		return Bytes.random(number, 2_000);
	}

	/** None sends its last byte before all have sent their first. */
	private Callable<String> upload(String file, byte[] content, CountDownLatch allHaveBegun) {
		return () -> {
			URI server = this.stack.api().base();
			try (Socket socket = new Socket(server.getHost(), server.getPort())) {
				socket.setSoTimeout(PATIENCE_MILLIS);
				OutputStream out = socket.getOutputStream();
				out.write(("PUT /api/v1/media/" + file + " HTTP/1.1\r\nHost: holdfast\r\nAuthorization: Bearer "
						+ this.stack.api().token() + "\r\nConnection: close\r\nContent-Length: " + content.length
						+ "\r\n\r\n")
					.getBytes(StandardCharsets.US_ASCII));
				out.write(content, 0, content.length - 1);
				allHaveBegun.countDown();
				if (!allHaveBegun.await(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)) {
					throw new IOException("Not all clients could connect");
				}
				out.write(content[content.length - 1]);
				return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
			}
		};
	}

}
