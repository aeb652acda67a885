package dev.holdfast.worker.retry;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import dev.holdfast.model.FailureClass;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class RetryPlanTest {

	private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

	private static final Failure STUBBORN = new Failure(FailureClass.STUBBORN, "for the test", false);

	private static final Failure MISSING = new Failure(FailureClass.STUBBORN, "missing", true);

	private final RetryPlan plan = new RetryPlan(new RetryProperties(3, Duration.ofMillis(200), Duration.ofSeconds(5),
			List.of(Duration.ofSeconds(10), Duration.ofMinutes(1), Duration.ofHours(2)), Duration.ofHours(24), 3, 100),
			(delay) -> delay);

	@Test
	void growsTheDelay_andRepeatsTheLast() {
		RetryState state = RetryState.fresh("media.events-0@7", NOON);
		Instant now = NOON;
		List<Duration> delays = new ArrayList<>();
		for (int i = 0; i < 5; i++) {
			state = this.plan.next(state, 3, STUBBORN, now).orElseThrow();
			delays.add(Duration.between(now, state.due()));
			now = state.due();
		}
		assertThat(delays).containsExactly(Duration.ofSeconds(10), Duration.ofMinutes(1), Duration.ofHours(2),
				Duration.ofHours(2), Duration.ofHours(2));
		assertThat(state.attempts()).isEqualTo(15);
		assertThat(state.rounds()).isEqualTo(5);
		assertThat(state.firstFailure()).isEqualTo(NOON);
		assertThat(state.origin()).isEqualTo("media.events-0@7");
	}

	@Test
	void givesUpWhenTheBudgetIsSpent() {
		RetryState state = RetryState.fresh("o", NOON);
		Instant now = NOON;
		int rounds = 0;
		for (Optional<RetryState> next = this.plan.next(state, 3, STUBBORN, now); next
			.isPresent(); next = this.plan.next(state, 3, STUBBORN, now)) {
			state = next.get();
			now = state.due();
			rounds++;
		}
		assertThat(Duration.between(NOON, now)).isBetween(Duration.ofHours(24), Duration.ofHours(26));
		assertThat(rounds).isEqualTo(14);
	}

	/** In an outage time passes, and no attempt is made. */
	@Test
	void doesNotGiveUpOnTimeAlone() {
		RetryState state = this.plan.next(RetryState.fresh("o", NOON), 3, STUBBORN, NOON).orElseThrow();
		Instant afterAnOutage = NOON.plus(Duration.ofDays(3));
		state = this.plan.next(state, 3, STUBBORN, afterAnOutage).orElseThrow();
		state = this.plan.next(state, 3, STUBBORN, afterAnOutage).orElseThrow();
		assertThat(this.plan.next(state, 3, STUBBORN, afterAnOutage)).isEmpty();
	}

	@Test
	void looksOnlyAFewTimesForAFileThatIsMissing() {
		RetryState state = this.plan.next(RetryState.fresh("o", NOON), 1, MISSING, NOON).orElseThrow();
		state = this.plan.next(state, 1, MISSING, NOON).orElseThrow();
		assertThat(this.plan.next(state, 1, MISSING, NOON)).isEmpty();
	}

	@Test
	void boundsTheBackoffInPlace() {
		Duration initial = Duration.ofMillis(200);
		Duration max = Duration.ofSeconds(5);
		assertThat(InPlaceRetry.bound(initial, max, 1)).isEqualTo(200);
		assertThat(InPlaceRetry.bound(initial, max, 2)).isEqualTo(400);
		assertThat(InPlaceRetry.bound(initial, max, 5)).isEqualTo(3200);
		assertThat(InPlaceRetry.bound(initial, max, 6)).isEqualTo(5000);
		assertThat(InPlaceRetry.bound(initial, max, 1000)).isEqualTo(5000);
		for (int i = 0; i < 1000; i++) {
			assertThat(InPlaceRetry.fullJitter(initial, max).apply(2)).isBetween(0L, 400L);
		}
	}

}
