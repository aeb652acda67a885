package dev.holdfast.app.scan;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

class PaceTest {

	@Test
	void restsInProportionToTheTimeThatItWasBusy() throws IOException {
		assertThat(rested(25, 1000, Duration.ofMillis(1))).isCloseTo(3000, within(25.0));
		assertThat(rested(50, 1000, Duration.ofMillis(1))).isCloseTo(1000, within(25.0));
		assertThat(rested(90, 1000, Duration.ofMillis(9))).isCloseTo(1000, within(25.0));
		assertThat(rested(100, 1000, Duration.ofMillis(9))).isZero();
	}

	private static double rested(int share, int times, Duration busy) throws IOException {
		Rests pace = new Rests(share, 0, 0);
		for (int i = 0; i < times; i++) {
			pace.busy(busy.toNanos());
		}
		return pace.nanos / 1e6;
	}

	@Test
	void neverGoesBeyondTheRates() throws IOException {
		Rests files = new Rests(100, 50, 0);
		Rests bytes = new Rests(100, 0, 1_000_000);
		for (int i = 0; i < 10; i++) {
			files.file();
			bytes.bytes(100_000);
		}
		// Each waits for its place in a queue that moves by itself: 0 + 20 + … + 180 ms.
		assertThat(files.nanos / 1e6).isCloseTo(900, within(300.0));
		assertThat(bytes.nanos / 1e6).isCloseTo(4500, within(300.0));
		assertThat(files.longest / 1e6).isCloseTo(180, within(60.0));
		assertThat(bytes.longest / 1e6).isCloseTo(900, within(60.0));
	}

	@Test
	void anEndToAllScansEndsEveryRest() {
		CountDownLatch stop = new CountDownLatch(1);
		Pace pace = new Pace(1, 0, 1, stop);
		stop.countDown();
		assertThatThrownBy(() -> pace.busy(Duration.ofDays(1).toNanos())).isInstanceOf(InterruptedIOException.class);
		assertThatThrownBy(() -> pace.bytes(1_000_000)).isInstanceOf(InterruptedIOException.class);
	}

	/** Keeps count of its rests instead of taking them. */
	private static final class Rests extends Pace {

		private long nanos;

		private long longest;

		private Rests(int share, long files, long bytes) {
			super(share, files, bytes, new CountDownLatch(1));
		}

		@Override
		boolean await(long rest) {
			this.nanos += rest;
			this.longest = Math.max(this.longest, rest);
			return false;
		}

	}

}
