package dev.holdfast.model;

import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class VersionTest {

	private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

	private final AtomicReference<Instant> wall = new AtomicReference<>(NOON);

	private final VersionClock clock = new VersionClock(new WallClock(this.wall));

	@Test
	void isWrittenAsSortableText() {
		Version version = Version.at(Instant.parse("2026-11-22T10:15:30.500Z"));
		assertThat(version).hasToString("01a202c0f7c40000");
		assertThat(version.next()).hasToString("01a202c0f7c40001");
		assertThat(Version.parse("01a202c0f7c40001")).isEqualTo(version.next());
		assertThat(version.next().moment()).isEqualTo("2026-11-22T10:15:30.500Z");
		assertThat(Version.NONE).hasToString("0000000000000000");
		assertThat(version.next().isAfter(version)).isTrue();
		assertThat(version.isAfter(version)).isFalse();
		assertThat(version).isLessThan(version.next());
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "0", "01a202c0f7c4000", "01a202c0f7c400000", "01A202C0F7C40000", "01a202c0f7c4000g",
			"0x1a202c0f7c4000", "+1a202c0f7c40000", " 1a202c0f7c40000", "\u0660\u0660a202c0f7c40000",
			"8000000000000000", "ffffffffffffffff" })
	void otherTextIsRefused(String text) {
		assertThatIllegalArgumentException().isThrownBy(() -> Version.parse(text));
	}

	@Test
	void hasNoPlaceForMomentsThatDoNotFit() {
		assertThatIllegalArgumentException().isThrownBy(() -> Version.at(Instant.EPOCH.minusMillis(1)));
		assertThatIllegalArgumentException().isThrownBy(() -> Version.at(Instant.ofEpochMilli(1L << 47)));
		assertThat(Version.at(Instant.ofEpochMilli((1L << 47) - 1)).moment()).isEqualTo("6429-10-17T02:45:55.327Z");
	}

	@Test
	void followsTheWallClock() {
		assertThat(this.clock.next()).isEqualTo(Version.at(NOON));
		this.wall.set(NOON.plusMillis(7));
		assertThat(this.clock.next()).isEqualTo(Version.at(NOON.plusMillis(7)));
	}

	@Test
	void countsWithinAMillisecondAndOnIntoTheNext() {
		Version last = this.clock.next();
		for (int i = 0; i < 70_000; i++) {
			Version next = this.clock.next();
			assertThat(next.isAfter(last)).isTrue();
			last = next;
		}
		assertThat(last.moment()).isEqualTo(NOON.plusMillis(1));
		this.wall.set(NOON.plusMillis(1));
		assertThat(this.clock.next()).isGreaterThan(last);
	}

	@ParameterizedTest
	@ValueSource(strings = { "2026-11-22T11:59:59.999Z", "2020-01-01T00:00:00Z", "1970-01-01T00:00:00Z",
			"1901-12-13T20:45:52Z" })
	void staysInOrderWhenTheClockIsSetBack(String setTo) {
		Version before = this.clock.next();
		this.wall.set(Instant.parse(setTo));
		Version after = this.clock.next();
		assertThat(after).isGreaterThan(before);
		assertThat(after.moment()).isEqualTo(NOON);
		assertThat(this.clock.next()).isGreaterThan(after);
	}

	@Test
	void isLaterThanWhatItWasShown() {
		Version ahead = Version.at(NOON.plusSeconds(3_600)).next();
		this.clock.observe(ahead);
		this.clock.observe(Version.at(NOON));
		assertThat(this.clock.next()).isEqualTo(ahead.next());
		assertThat(this.clock.nextAfter(Version.at(NOON.plusSeconds(7_200))))
			.isEqualTo(Version.at(NOON.plusSeconds(7_200)).next());
		assertThat(this.clock.nextAfter(Version.NONE)).isGreaterThan(Version.at(NOON.plusSeconds(7_200)));
	}

	@Test
	void handsOutEachVersionOnceToManyThreads() throws InterruptedException, ExecutionException {
		int threads = 8;
		int each = 20_000;
		CyclicBarrier start = new CyclicBarrier(threads);
		List<Future<long[]>> results = new ArrayList<>();
		try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
			for (int t = 0; t < threads; t++) {
				results.add(executor.submit(() -> {
					start.await();
					return LongStream.generate(() -> this.clock.next().value()).limit(each).toArray();
				}));
			}
		}
		long[] all = new long[0];
		for (Future<long[]> result : results) {
			long[] seen = result.get();
			assertThat(seen).isSorted();
			int had = all.length;
			all = Arrays.copyOf(all, had + seen.length);
			System.arraycopy(seen, 0, all, had, seen.length);
		}
		assertThat(Arrays.stream(all).distinct().count()).isEqualTo((long) threads * each);
	}

	/** A wall clock that the test sets. */
	private static final class WallClock extends Clock {

		private final InstantSource source;

		WallClock(AtomicReference<Instant> now) {
			this.source = now::get;
		}

		@Override
		public ZoneOffset getZone() {
			return ZoneOffset.UTC;
		}

		@Override
		public Clock withZone(ZoneId zone) {
			return this;
		}

		@Override
		public Instant instant() {
			return this.source.instant();
		}

	}

}
