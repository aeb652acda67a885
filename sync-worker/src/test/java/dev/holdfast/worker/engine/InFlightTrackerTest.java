package dev.holdfast.worker.engine;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import dev.holdfast.worker.engine.InFlightTracker.Arrival;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class InFlightTrackerTest {

	private static final int FINGERPRINT = 7;

	private final InFlightTracker tracker = new InFlightTracker();

	private final List<Long> acknowledged = Collections.synchronizedList(new ArrayList<>());

	private InFlightTracker.Entry received(long offset) {
		return this.tracker.received(offset, FINGERPRINT, () -> this.acknowledged.add(offset));
	}

	@Test
	void acknowledgesInOrderOneByOne() {
		InFlightTracker.Entry first = received(10);
		InFlightTracker.Entry second = received(11);
		first.complete();
		second.complete();
		assertThat(this.acknowledged).containsExactly(10L, 11L);
	}

	@Test
	void acknowledgesNothingBeforeTheFirstIsDone_andThenOnlyTheHighest() {
		InFlightTracker.Entry first = received(10);
		InFlightTracker.Entry second = received(11);
		InFlightTracker.Entry third = received(15);
		InFlightTracker.Entry fourth = received(16);
		third.complete();
		second.complete();
		assertThat(this.acknowledged).isEmpty();
		assertThat(this.tracker.gap()).isEqualTo(4);
		assertThat(this.tracker.unfinished()).isEqualTo(2);
		first.complete();
		assertThat(this.acknowledged).containsExactly(15L);
		assertThat(this.tracker.gap()).isEqualTo(1);
		fourth.complete();
		assertThat(this.acknowledged).containsExactly(15L, 16L);
	}

	@Test
	void acknowledgesNothingOnceDropped() {
		InFlightTracker.Entry first = received(1);
		InFlightTracker.Entry second = received(2);
		first.complete();
		this.tracker.drop();
		assertThat(second.complete()).isFalse();
		assertThat(this.acknowledged).containsExactly(1L);
		assertThat(this.tracker.gap()).isZero();
		assertThat(this.tracker.unfinished()).isZero();
	}

	@Test
	void takesForTheSameOnlyWhatIsNotAcknowledged() {
		InFlightTracker.Entry first = received(10);
		received(12);
		InFlightTracker.Entry third = received(13);
		first.complete();
		third.complete();
		assertThat(arrival(14)).as("after all").isEqualTo(Arrival.NEXT);
		assertThat(arrival(12)).as("unfinished").isEqualTo(Arrival.AGAIN);
		assertThat(arrival(13)).as("finished behind an unfinished one").isEqualTo(Arrival.AGAIN);
		assertThat(arrival(10)).as("acknowledged").isEqualTo(Arrival.BEFORE);
		assertThat(arrival(11)).as("in a hole").isEqualTo(Arrival.BEFORE);
		assertThat(this.tracker.arrival(12, FINGERPRINT + 1)).as("another record").isEqualTo(Arrival.BEFORE);
	}

	private Arrival arrival(long offset) {
		return this.tracker.arrival(offset, FINGERPRINT);
	}

	@Test
	void refusesWhatWouldBreakTheOrder() {
		InFlightTracker.Entry first = received(5);
		assertThatIllegalStateException().isThrownBy(() -> received(5)).withMessageContaining("after 5");
		first.complete();
		assertThatIllegalStateException().isThrownBy(first::complete).withMessageContaining("twice");
		this.tracker.drop();
		assertThatIllegalStateException().isThrownBy(() -> received(6)).withMessageContaining("lost");
	}

	/**
	 * Whatever the order of completions: acknowledged offsets rise, none is acknowledged
	 * before all up to it are done, and in the end the last one is.
	 */
	@ParameterizedTest
	@ValueSource(longs = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 })
	void keepsTheWatermarkInAnyOrder(long seed) {
		Random random = new Random(seed);
		List<InFlightTracker.Entry> open = new ArrayList<>();
		List<Long> offsets = new ArrayList<>();
		Set<Long> done = new HashSet<>();
		long offset = random.nextInt(100);
		int left = 500;
		while (left > 0 || !open.isEmpty()) {
			if (left > 0 && (open.isEmpty() || random.nextBoolean())) {
				offset += 1 + random.nextInt(3);
				open.add(received(offset));
				offsets.add(offset);
				left--;
			}
			else {
				InFlightTracker.Entry entry = open.remove(random.nextInt(open.size()));
				done.add(entry.offset());
				int before = this.acknowledged.size();
				entry.complete();
				assertThat(this.acknowledged.size() - before).isLessThanOrEqualTo(1);
			}
			long watermark = this.acknowledged.isEmpty() ? -1 : this.acknowledged.getLast();
			long contiguous = offsets.stream().takeWhile(done::contains).mapToLong(Long::longValue).max().orElse(-1);
			assertThat(watermark).isEqualTo(contiguous);
			assertThat(this.tracker.unfinished()).isEqualTo(open.size());
		}
		assertThat(this.acknowledged).isSorted().doesNotHaveDuplicates().endsWith(offset);
		assertThat(this.tracker.gap()).isZero();
	}

	@ParameterizedTest
	@ValueSource(longs = { 21, 22, 23 })
	void keepsTheWatermarkUnderConcurrentCompletions(long seed) throws Exception {
		int threads = 8;
		int each = 500;
		List<InFlightTracker.Entry> entries = new ArrayList<>();
		for (int i = 0; i < threads * each; i++) {
			entries.add(received(i));
		}
		Collections.shuffle(entries, new Random(seed));
		CyclicBarrier start = new CyclicBarrier(threads);
		try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
			List<Future<?>> running = new ArrayList<>();
			for (int t = 0; t < threads; t++) {
				List<InFlightTracker.Entry> mine = entries.subList(t * each, (t + 1) * each);
				running.add(pool.submit(() -> {
					start.await();
					mine.forEach(InFlightTracker.Entry::complete);
					return null;
				}));
			}
			for (Future<?> thread : running) {
				thread.get();
			}
		}
		assertThat(this.acknowledged).isSorted().doesNotHaveDuplicates().endsWith((long) entries.size() - 1);
	}

}
