package dev.holdfast.worker.store;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * As many large files as there are cores, of which none ends before a small one has had
 * its turn: without a pause it never would.
 */
final class CrowdedCores {

	private CrowdedCores() {
	}

	/** Reads something large. */
	@FunctionalInterface
	interface Large {

		/**
		 * Reads until the content ends.
		 */
		void read(EndlessContent content) throws Exception;

	}

	/**
	 * Checks that a small one has its turn.
	 * @return how each of the large ones ended
	 */
	static List<Future<?>> leaveASmallOneItsTurn(Large large) throws InterruptedException {
		int cores = Runtime.getRuntime().availableProcessors();
		AtomicBoolean over = new AtomicBoolean();
		CountDownLatch reading = new CountDownLatch(cores);
		CountDownLatch small = new CountDownLatch(1);
		List<Future<?>> ends = new ArrayList<>();
		try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
			for (int i = 0; i < cores; i++) {
				AtomicBoolean begun = new AtomicBoolean();
				EndlessContent content = new EndlessContent(() -> {
					if (begun.compareAndSet(false, true)) {
						reading.countDown();
					}
					return over.get();
				});
				ends.add(threads.submit(() -> {
					large.read(content);
					return null;
				}));
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
		assertThat(ends).hasSize(cores);
		return ends;
	}

}
