package dev.holdfast.app.watch;

import java.time.Duration;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How volumes are watched. When a file counts as finished is decided by
 * {@code holdfast.scan.settle} and {@code holdfast.scan.settle-closed}, for the watcher
 * as for the scan.
 *
 * @param mode how to see changes
 * @param pollInterval how long from one look at a volume, or at a part of it, to the next
 * where the kernel does not tell of changes
 * @param stuckAfter after how long a file that does not get finished is told of in the
 * log
 * @param maxPending how many files may be waiting to settle; beyond these their
 * directories are scanned instead
 */
@ConfigurationProperties("holdfast.watch")
public record WatchSettings(@DefaultValue("auto") Mode mode, @DefaultValue("1m") Duration pollInterval,
		@DefaultValue("15m") Duration stuckAfter, @DefaultValue("100000") int maxPending) {

	/**
	 * Checks the values.
	 * @throws IllegalArgumentException where one is out of range
	 */
	public WatchSettings {
		if (!pollInterval.isPositive() || !stuckAfter.isPositive()) {
			throw new IllegalArgumentException("holdfast.watch.poll-interval is " + pollInterval
					+ " and holdfast.watch.stuck-after is " + stuckAfter + ": give more than 0s");
		}
		if (maxPending < 1) {
			throw new IllegalArgumentException("holdfast.watch.max-pending is " + maxPending + ": give 1 or more");
		}
	}

	/** How to see changes. */
	public enum Mode {

		/** By inotify where it is found to work, else by polling. */
		AUTO,

		/** By inotify, without trying whether it works. */
		INOTIFY,

		/** By looking again and again. */
		POLLING,

		/** Not at all: only scans find what other programs write. */
		OFF

	}

}
