package dev.holdfast.worker.retry;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

@Timeout(30)
class OutageGateTest {

	private final Exception why = new IllegalStateException("for the test");

	private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();

	private final List<GateState> heard = Collections.synchronizedList(new ArrayList<>());

	private final AtomicInteger probes = new AtomicInteger();

	private volatile boolean there = true;

	private final OutageGate gate = gate(false);

	private OutageGate gate(boolean probeSuffices) {
		OutageProperties properties = new OutageProperties(Duration.ofMillis(10), Duration.ofMillis(20), 50, 20,
				Duration.ofSeconds(60), 4);
		return new OutageGate("test", this::probe, probeSuffices, properties, this.heard::add, this.timer,
				Clock.systemUTC());
	}

	private void probe() {
		this.probes.incrementAndGet();
		if (!this.there) {
			throw new IllegalStateException("not there");
		}
	}

	@AfterEach
	void stop() {
		this.gate.close();
		this.timer.shutdownNow();
	}

	/** Work that enters again when it is released, and then succeeds or fails. */
	private static final class Worker implements Waiter {

		private final OutageGate at;

		private final boolean good;

		private final String key;

		private volatile boolean through;

		Worker(OutageGate at, String key, boolean good) {
			this.at = at;
			this.key = key;
			this.good = good;
		}

		@Override
		public void parked() {
			// It waits.
		}

		@Override
		public boolean hasEnded() {
			return this.through;
		}

		@Override
		public boolean released() {
			Thread.ofVirtual().start(this::tryIt);
			return true;
		}

		private void tryIt() {
			if (!this.at.enter(this)) {
				return;
			}
			if (this.good) {
				this.at.succeeded();
				this.through = true;
			}
			else if (this.at.failed(this.key, new IllegalStateException(this.key))) {
				tryIt();
			}
			else {
				this.through = true;
			}
		}

	}

	private List<Worker> workers(int count, boolean good) {
		List<Worker> workers = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			workers.add(new Worker(this.gate, (good ? "good" : "bad") + i, good));
		}
		return workers;
	}

	private static void eventually(Callable<Boolean> holds) {
		Awaitility.await().atMost(Duration.ofMinutes(1)).pollInterval(Duration.ofMillis(5)).until(holds);
	}

	@Test
	void staysOpenWhereTheProbePasses() throws Exception {
		assertThat(this.gate.suspect(this.why)).isFalse();
		assertThat(this.gate.status().state()).isEqualTo(GateState.UP);
	}

	@Test
	void closesOnTheProbesWord_andLetsAllThroughWhenItIsBack() throws Exception {
		this.there = false;
		assertThat(this.gate.suspect(this.why)).isTrue();
		assertThat(this.gate.status().reason()).isEqualTo("not there");
		List<Worker> workers = workers(50, true);
		workers.forEach(Worker::tryIt);
		assertThat(this.gate.waiting()).isEqualTo(50);
		eventually(() -> this.probes.get() > 5);
		assertThat(workers).noneMatch((worker) -> worker.through);
		this.there = true;
		eventually(() -> workers.stream().allMatch((worker) -> worker.through));
		assertThat(this.gate.status().state()).isEqualTo(GateState.UP);
		assertThat(this.heard).containsExactly(GateState.DOWN, GateState.TRYING, GateState.UP);
	}

	@Test
	void asksOnceForAllWhoSuspectAtTheSameMoment() throws Exception {
		CountDownLatch asked = new CountDownLatch(1);
		CountDownLatch answer = new CountDownLatch(1);
		AtomicInteger questions = new AtomicInteger();
		OutageGate slow = new OutageGate("slow", () -> {
			questions.incrementAndGet();
			asked.countDown();
			answer.await();
		}, false, new OutageProperties(Duration.ofMillis(10), Duration.ofMillis(20), 50, 20, Duration.ofSeconds(60), 4),
				this.heard::add, this.timer, Clock.systemUTC());
		try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
			List<Future<Boolean>> verdicts = new ArrayList<>();
			verdicts.add(threads.submit(() -> slow.suspect(this.why)));
			asked.await();
			for (int i = 0; i < 10; i++) {
				verdicts.add(threads.submit(() -> slow.suspect(this.why)));
			}
			answer.countDown();
			for (Future<Boolean> verdict : verdicts) {
				assertThat(verdict.get()).isFalse();
			}
		}
		assertThat(questions.get()).isLessThan(11);
		slow.close();
	}

	@Test
	void closesWhenHalfOfManyCallsFail_thoughTheProbePasses() {
		for (int i = 0; i < 10; i++) {
			assertThat(this.gate.enter(new Worker(this.gate, "", true))).isTrue();
			this.gate.succeeded();
			assertThat(this.gate.failed("same", this.why)).isEqualTo(i == 9);
		}
		assertThat(this.heard).startsWith(GateState.DOWN);
	}

	@Test
	void closesWhenSeveralFilesFailInARow_butNotForOneThatFailsAgainAndAgain() {
		for (int i = 0; i < 10; i++) {
			assertThat(this.gate.failed("same", this.why)).isFalse();
		}
		assertThat(this.gate.failed("second", this.why)).isFalse();
		this.gate.succeeded();
		assertThat(this.gate.failed("third", this.why)).isFalse();
		assertThat(this.gate.failed("fourth", this.why)).isFalse();
		assertThat(this.gate.failed("fifth", this.why)).isTrue();
	}

	/**
	 * A few files that can never succeed must not keep the gate closed for all others.
	 */
	@Test
	void getsPastFilesThatAlwaysFail() {
		List<Worker> bad = workers(6, false);
		List<Worker> good = workers(100, true);
		this.gate.away(this.why);
		bad.forEach(Worker::tryIt);
		good.forEach(Worker::tryIt);
		eventually(() -> good.stream().allMatch((worker) -> worker.through));
	}

	@Test
	void letsAllThroughAtOnceWhereTheProbeSuffices() {
		OutageGate volume = gate(true);
		this.there = false;
		volume.away(this.why);
		Worker worker = new Worker(volume, "a", true);
		worker.tryIt();
		this.there = true;
		eventually(() -> worker.through);
		assertThat(this.heard).containsExactly(GateState.DOWN, GateState.UP);
		volume.close();
	}

	@Test
	void opensAgainWhereNobodyWaits() throws Exception {
		this.there = false;
		this.gate.suspect(this.why);
		this.there = true;
		eventually(() -> this.gate.status().state() == GateState.UP);
		assertThat(this.heard).containsExactly(GateState.DOWN, GateState.UP);
	}

	/** Each time partitions move on, what waits ends and comes again as other work. */
	@Test
	void doesNotKeepWhatHasEnded() {
		this.there = false;
		this.gate.away(this.why);
		List<Worker> ended = workers(3 * WaitingRoom.LEAST_TO_TIDY, true);
		for (Worker worker : ended) {
			worker.through = true;
			this.gate.enter(worker);
		}
		List<Worker> waiting = workers(10, true);
		waiting.forEach(Worker::tryIt);
		assertThat(this.gate.waiting()).isLessThan(WaitingRoom.LEAST_TO_TIDY + 10);
		this.there = true;
		eventually(() -> waiting.stream().allMatch((worker) -> worker.through));
	}

	@Test
	void isNotHeldUpByWorkThatWasReleasedAndNeverCameBack() {
		this.gate.away(this.why);
		AtomicInteger deserters = new AtomicInteger();
		for (int i = 0; i < 4; i++) {
			this.gate.enter(new Waiter() {
				@Override
				public void parked() {
					// It waits.
				}

				@Override
				public boolean released() {
					deserters.incrementAndGet();
					return true;
				}

				@Override
				public boolean hasEnded() {
					return false;
				}
			});
		}
		eventually(() -> deserters.get() == 4);
		List<Worker> good = workers(10, true);
		good.forEach(Worker::tryIt);
		eventually(() -> good.stream().allMatch((worker) -> worker.through));
	}

}
