package dev.holdfast.app.api;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class RequestLimitTest {

	private static final int REQUESTS = 50;

	@Test
	void worksOnSoManyAtATimeAndLeavesNoneOut() throws InterruptedException {
		AtomicInteger working = new AtomicInteger();
		List<Integer> seen = Collections.synchronizedList(new ArrayList<>());
		Semaphore begun = new Semaphore(0);
		Semaphore mayEnd = new Semaphore(0);
		CountDownLatch done = new CountDownLatch(REQUESTS);
		try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
			RequestLimit limit = new RequestLimit(threads, 3);
			for (int i = 0; i < REQUESTS; i++) {
				limit.execute(() -> {
					seen.add(working.incrementAndGet());
					begun.release();
					mayEnd.acquireUninterruptibly();
					working.decrementAndGet();
					done.countDown();
				});
			}
			assertThat(begun.tryAcquire(3, 30, TimeUnit.SECONDS)).isTrue();
			mayEnd.release(REQUESTS);
			assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
		}
		assertThat(seen).hasSize(REQUESTS).contains(3).allMatch((atOnce) -> atOnce <= 3);
	}

	@Test
	void aRequestThatFailsGivesItsPlaceToTheNext() throws InterruptedException {
		CountDownLatch next = new CountDownLatch(1);
		try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
			RequestLimit limit = new RequestLimit((request) -> threads.execute(() -> {
				try {
					request.run();
				}
				catch (IllegalStateException ex) {
					assertThat(ex).hasMessage("fails");
				}
			}), 1);
			limit.execute(() -> {
				throw new IllegalStateException("fails");
			});
			limit.execute(next::countDown);
			assertThat(next.await(30, TimeUnit.SECONDS)).isTrue();
		}
	}

}
