package dev.holdfast.app.media;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.holdfast.app.FaultyWriter;
import dev.holdfast.app.RawClient;
import dev.holdfast.app.RunningApp;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Never 5, on the way in: what does not arrive whole leaves nothing behind, and harms
 * nothing that is there.
 */
class BrokenUploadsHttpTest {

	private final RunningApp app = RunningApp.shared();

	private final String dir = this.app.freshDirectory();

	private final Path file = this.app.volume().resolve(this.dir).resolve("file");

	private final ListAppender<ILoggingEvent> log = new ListAppender<>();

	@BeforeEach
	void listenAndStore() throws Exception {
		this.log.start();
		root().addAppender(this.log);
		assertThat(this.app.put(this.dir + "/file", "before").statusCode()).isEqualTo(201);
	}

	@AfterEach
	void stopListening() {
		root().detachAppender(this.log);
	}

	private static Logger root() {
		return (Logger) LoggerFactory.getLogger("dev.holdfast");
	}

	private String target() {
		return "/api/v1/media/media/" + this.dir + "/file";
	}

	private void assertUnharmed() throws Exception {
		await().until(() -> this.app.staged().isEmpty());
		assertThat(this.file).hasContent("before");
		assertThat(this.app.get(this.dir + "/file").body()).isEqualTo("before");
		assertThat(this.log.list).filteredOn((event) -> event.getLevel().isGreaterOrEqual(Level.ERROR)).isEmpty();
	}

	@Test
	void clientThatIsGoneInMidBody() throws Exception {
		try (RawClient client = new RawClient(this.app.port())) {
			client.send(RawClient.head("PUT", target(), "Content-Length: 100000") + "some of it");
			await().until(() -> !this.app.staged().isEmpty());
			client.reset();
		}
		assertUnharmed();
		assertThat(this.log.list).noneMatch((event) -> event.getThrowableProxy() != null);
	}

	@Test
	void clientThatSendsLessThanItDeclared() throws Exception {
		try (RawClient client = new RawClient(this.app.port())) {
			client.send(RawClient.head("PUT", target(), "Content-Length: 100") + "ninety-nine bytes are missing");
			client.finishSending();
			assertThat(client.readAll()).startsWith("HTTP/1.1 400").contains("/problems/invalid-request");
		}
		assertUnharmed();
	}

	@Test
	void clientThatIsGoneInMidChunk() throws Exception {
		try (RawClient client = new RawClient(this.app.port())) {
			client.send(RawClient.head("PUT", target(), "Transfer-Encoding: chunked") + "ff\r\nnot 255 bytes");
			await().until(() -> !this.app.staged().isEmpty());
			client.finishSending();
			assertThat(client.readAll()).startsWith("HTTP/1.1 400").contains("/problems/invalid-request");
		}
		assertUnharmed();
	}

	@Test
	void chunksThatAreNone() throws Exception {
		String response = RawClient.exchange(this.app.port(),
				RawClient.head("PUT", target(), "Transfer-Encoding: chunked")
						+ "5\r\nhello\r\nzz\r\nwhat\r\n0\r\n\r\n");
		assertThat(response).startsWith("HTTP/1.1 400");
		assertUnharmed();
	}

	@Test
	void clientThatStalls() throws Exception {
		try (RawClient client = new RawClient(this.app.port())) {
			client.send(RawClient.head("PUT", target(), "Content-Length: 100") + "and then nothing");
			assertThat(client.readAll()).startsWith("HTTP/1.1 408").contains("/problems/request-timeout");
		}
		assertUnharmed();
	}

	@Test
	void refusalBeforeTheBodyIsSent() throws Exception {
		try (RawClient client = new RawClient(this.app.port())) {
			client.send(RawClient.head("PUT", target(), "Content-Length: 100", "If-None-Match: *",
					"Expect: 100-continue", "Connection: close"));
			assertThat(client.readAll()).startsWith("HTTP/1.1 412").doesNotContain("100 Continue");
		}
		assertUnharmed();
	}

	@Test
	void diskThatIsFull() throws Exception {
		assertRefused(() -> new IOException("No space left on device"), 507, "insufficient-storage");
		assertRefused(() -> new FileSystemException("x", null, "Disk quota exceeded"), 507, "insufficient-storage");
	}

	@Test
	void volumeThatMayNotBeWrittenTo() throws Exception {
		assertRefused(() -> new AccessDeniedException("x"), 403, "no-permission");
		assertRefused(() -> new FileSystemException("x", null, "Operation not permitted"), 403, "no-permission");
		assertRefused(() -> new FileSystemException("x", null, "Read-only file system"), 503, "volume-not-available");
	}

	private void assertRefused(Supplier<IOException> fault, int status, String slug) throws Exception {
		try (FaultyWriter.Repair _ = this.app.faults().failAfter(70_000, fault)) {
			HttpResponse<String> response = this.app
				.send(this.app.media(this.dir + "/file").PUT(BodyPublishers.ofByteArray(new byte[100_000])));
			UploadHttpTest.assertProblem(response, status, slug);
			UploadHttpTest.assertProblem(
					this.app.send(
							this.app.media(this.dir + "/new/file").PUT(BodyPublishers.ofByteArray(new byte[100_000]))),
					status, slug);
		}
		assertThat(this.app.volume().resolve(this.dir + "/new")).doesNotExist();
		assertUnharmed();
	}

	@Test
	void diskThatBreaks() throws Exception {
		try (FaultyWriter.Repair _ = this.app.faults().failAfter(0, () -> new IOException("Input/output error"))) {
			UploadHttpTest.assertProblem(this.app.put(this.dir + "/file", "x"), 500, "internal-error");
		}
		assertThat(this.log.list).anyMatch((event) -> event.getLevel() == Level.ERROR);
		this.log.list.clear();
		assertUnharmed();
	}

	@Test
	void volumeWithoutItsMarker() throws Exception {
		Path marker = this.app.volume().resolve(".holdfast/volume.json");
		Path aside = this.app.volume().resolve(".holdfast/aside.json");
		Files.move(marker, aside);
		try {
			UploadHttpTest.assertProblem(this.app.put(this.dir + "/file", "x"), 503, "volume-not-available");
			UploadHttpTest.assertProblem(this.app.send(this.app.media(this.dir + "/file").DELETE()), 503,
					"volume-not-available");
			UploadHttpTest.assertProblem(this.app.get(this.dir + "/file"), 503, "volume-not-available");
			assertThat(this.file).hasContent("before");
		}
		finally {
			Files.move(aside, marker);
		}
		assertThat(this.app.put(this.dir + "/file", "after").statusCode()).isEqualTo(200);
	}

}
