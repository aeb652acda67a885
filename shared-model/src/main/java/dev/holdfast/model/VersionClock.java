package dev.holdfast.model;

import java.time.Clock;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Hands out {@link Version}s, each later than all it has handed out or been shown before,
 * whatever the wall clock does. Safe for use by several threads.
 */
public final class VersionClock {

	private final Clock clock;

	private final AtomicLong last = new AtomicLong();

	/**
	 * A clock that follows the given wall clock.
	 */
	public VersionClock(Clock clock) {
		this.clock = clock;
	}

	/**
	 * A version later than every one seen so far.
	 */
	public Version next() {
		Instant wall = this.clock.instant();
		long now = Version.at(wall.isBefore(Instant.EPOCH) ? Instant.EPOCH : wall).value();
		return new Version(this.last.updateAndGet((seen) -> Math.max(seen + 1, now)));
	}

	/**
	 * A version later than every one seen so far and than the given one, which is the
	 * file's latest.
	 */
	public Version nextAfter(Version latest) {
		observe(latest);
		return next();
	}

	/**
	 * Takes note of a version from elsewhere, so that the next one is later. To be called
	 * for what was read from the log, before anything is written.
	 */
	public void observe(Version version) {
		this.last.accumulateAndGet(version.value(), Math::max);
	}

}
