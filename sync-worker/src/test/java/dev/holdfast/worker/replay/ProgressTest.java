package dev.holdfast.worker.replay;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ProgressTest {

	private final AtomicLong nanos = new AtomicLong();

	private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

	private Progress progress(boolean terminal) {
		return new Progress(new PrintStream(this.bytes, true, StandardCharsets.UTF_8), terminal, this.nanos::get);
	}

	@Test
	void tellsRateAndTimeLeft() {
		Progress progress = progress(false);
		progress.phase("replaying", 1000);
		this.nanos.addAndGet(Duration.ofSeconds(10).toNanos());
		progress.advance(100);
		assertThat(this.bytes.toString(StandardCharsets.UTF_8).strip())
			.isEqualTo("replaying: 100 of 1,000 (10 %), 10/s, 1 min 30 s left");
	}

	@Test
	void isQuietInBetween() {
		Progress progress = progress(false);
		progress.phase("replaying", 1000);
		progress.advance(100);
		assertThat(this.bytes.size()).isZero();
	}

	@Test
	void rewritesTheLineOnATerminal() {
		Progress progress = progress(true);
		progress.phase("replaying", 10);
		this.nanos.addAndGet(Duration.ofSeconds(1).toNanos());
		progress.advance(1);
		progress.end();
		assertThat(this.bytes.toString(StandardCharsets.UTF_8)).startsWith("\rreplaying: 1 of 10").endsWith("\r\033[K");
	}

}
