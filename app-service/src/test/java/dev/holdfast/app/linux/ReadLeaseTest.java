package dev.holdfast.app.linux;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;

import dev.holdfast.app.linux.ReadLease.Answer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

@Timeout(60)
class ReadLeaseTest {

	@TempDir
	Path directory;

	@Test
	void aFileIsWrittenFromWhenItIsOpenedUntilItIsClosed() throws IOException {
		Path file = Files.writeString(this.directory.resolve("a"), "content");
		assertThat(ReadLease.ask(file)).isEqualTo(Answer.NOT_WRITTEN);
		try (FileChannel _ = FileChannel.open(file, StandardOpenOption.WRITE)) {
			assertThat(ReadLease.ask(file)).isEqualTo(Answer.WRITTEN);
		}
		try (FileChannel _ = FileChannel.open(file, StandardOpenOption.READ)) {
			assertThat(ReadLease.ask(file)).as("readers do not matter").isEqualTo(Answer.NOT_WRITTEN);
		}
		assertThat(ReadLease.ask(file)).isEqualTo(Answer.NOT_WRITTEN);
	}

	@Test
	void aMappingWritesAfterItsDescriptorIsClosed() throws IOException {
		Path file = Files.writeString(this.directory.resolve("a"), "content");
		try (Arena arena = Arena.ofConfined()) {
			MemorySegment mapped;
			try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
				mapped = channel.map(MapMode.READ_WRITE, 0, 7, arena);
			}
			mapped.set(ValueLayout.JAVA_BYTE, 0, (byte) 'C');
			assertThat(ReadLease.ask(file)).isEqualTo(Answer.WRITTEN);
		}
		assertThat(ReadLease.ask(file)).isEqualTo(Answer.NOT_WRITTEN);
	}

	@Test
	void whoeverOpensTheFileMeanwhileEndsNeitherTheJvmNorWaitsForLong() throws Exception {
		Path file = Files.writeString(this.directory.resolve("a"), "content");
		Process[] writer = new Process[1];

		Answer answer = ReadLease.ask(file, () -> {
			try {
				// Breaks the lease, so the kernel signals this process before the writer
				// goes on.
				writer[0] = new ProcessBuilder("dd", "if=/dev/null", "of=" + file, "oflag=nonblock", "conv=notrunc")
					.redirectErrorStream(true)
					.start();
				String said = new String(writer[0].getInputStream().readAllBytes(), StandardCharsets.UTF_8);
				assertThat(writer[0].waitFor()).as("the lease was held: %s", said).isOne();
				assertThat(said).contains("temporarily unavailable");
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
			catch (InterruptedException ex) {
				throw new IllegalStateException(ex);
			}
		});

		assertThat(answer).isEqualTo(Answer.NOT_WRITTEN);
		Files.writeString(file, "written at once");
		assertThat(ReadLease.ask(file)).isEqualTo(Answer.NOT_WRITTEN);
	}

	@Test
	void aFifoIsNotOpened() throws Exception {
		Path fifo = this.directory.resolve("fifo");
		assertThat(new ProcessBuilder("mkfifo", fifo.toString()).inheritIO().start().waitFor()).isZero();
		Process writer = new ProcessBuilder("sh", "-c", "echo x > '" + fifo + "'").inheritIO().start();

		// It waits in open() from some moment on; whoever opens the other end lets it go.
		Awaitility.await().during(Duration.ofMillis(500)).atMost(Duration.ofMinutes(1)).until(() -> {
			ReadLease.ask(fifo);
			return writer.isAlive();
		});
		try (InputStream reader = Files.newInputStream(fifo)) {
			assertThat(reader.readAllBytes()).asString().isEqualTo("x\n");
		}
		assertThat(writer.waitFor()).isZero();
	}

	@Test
	void whatIsNoFileIsUnknownAndNeverWaitedFor() throws Exception {
		Path fifo = this.directory.resolve("fifo");
		assertThat(new ProcessBuilder("mkfifo", fifo.toString()).inheritIO().start().waitFor()).isZero();
		Path link = Files.createSymbolicLink(this.directory.resolve("link"),
				Files.writeString(this.directory.resolve("a"), ""));

		assertThat(ReadLease.ask(fifo)).isEqualTo(Answer.UNKNOWN);
		assertThat(ReadLease.ask(link)).isEqualTo(Answer.UNKNOWN);
		assertThat(ReadLease.ask(this.directory.resolve("missing"))).isEqualTo(Answer.UNKNOWN);
	}

}
