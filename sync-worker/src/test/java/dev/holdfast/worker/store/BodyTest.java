package dev.holdfast.worker.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class BodyTest {

	/**
	 * As many are read as there are cores, and none ends before the small one has had its
	 * turn: without a pause it never would.
	 */
	@Test
	void largeContentLeavesASmallOneItsTurn() throws Exception {
		int cores = Runtime.getRuntime().availableProcessors();
		AtomicBoolean over = new AtomicBoolean();
		CountDownLatch reading = new CountDownLatch(cores);
		CountDownLatch small = new CountDownLatch(1);
		try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
				Body body = new Body(() -> new EndlessContent(() -> false), 0, Long.MAX_VALUE,
						() -> Body.StreamCheck.NONE)) {
			for (int i = 0; i < cores; i++) {
				InputStream large = body.newStream();
				threads.execute(() -> read(large, reading, over));
			}
			try {
				assertThat(reading.await(1, TimeUnit.MINUTES)).as("all are under way").isTrue();
				threads.execute(small::countDown);
				assertThat(small.await(1, TimeUnit.MINUTES)).as("the small one had its turn").isTrue();
			}
			finally {
				over.set(true);
			}
		}
	}

	private static void read(InputStream large, CountDownLatch reading, AtomicBoolean over) {
		byte[] buffer = new byte[64 * 1024];
		try {
			for (boolean first = true; !over.get(); first = false) {
				assertThat(large.read(buffer)).isPositive();
				if (first) {
					reading.countDown();
				}
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
