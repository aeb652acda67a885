package dev.holdfast.app.scan;

import java.time.Duration;
import java.util.random.RandomGenerator;

import org.jspecify.annotations.Nullable;

/**
 * When the whole of a volume is scanned by itself: after the start, from time to time,
 * and soon again after a scan that ended early. Not safe for use by several threads:
 * whoever has it holds a lock.
 */
final class Timetable {

	private static final Duration AGAIN = Duration.ofSeconds(10);

	private final ScanSettings settings;

	/** By {@link System#nanoTime()}, {@code null} for never. */
	private @Nullable Long due;

	private boolean anyDone;

	Timetable(ScanSettings settings) {
		this.settings = settings;
		this.due = settings.onStart() ? Long.valueOf(System.nanoTime()) : next();
	}

	/**
	 * Not all instances at the same moment.
	 */
	private @Nullable Long next() {
		long interval = this.settings.interval().toNanos();
		return (interval == 0) ? null
				: System.nanoTime() + (long) (interval * RandomGenerator.getDefault().nextDouble(0.9, 1.1));
	}

	/**
	 * For how long there is none due, in nanoseconds; {@link Long#MAX_VALUE} for ever.
	 */
	long left() {
		Long at = this.due;
		return (at == null) ? Long.MAX_VALUE : at - System.nanoTime();
	}

	/**
	 * Why the next one is made.
	 */
	ScanCause cause() {
		return (this.anyDone || !this.settings.onStart()) ? ScanCause.PERIODIC : ScanCause.START;
	}

	/**
	 * One of the whole volume has begun, whoever asked for it.
	 */
	void begun() {
		this.due = null;
	}

	/**
	 * It has ended.
	 * @param well whether it came to its end
	 */
	void ended(boolean well) {
		this.anyDone |= well;
		this.due = well ? next() : Long.valueOf(System.nanoTime() + AGAIN.toNanos());
	}

	/**
	 * Whether one has come to its end.
	 */
	boolean anyDone() {
		return this.anyDone;
	}

}
