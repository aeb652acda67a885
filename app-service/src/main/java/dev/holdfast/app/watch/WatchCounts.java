package dev.holdfast.app.watch;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

import dev.holdfast.app.scan.Scanned;
import dev.holdfast.model.WatchGap;

/**
 * Counts what the watcher of a volume sees and does.
 */
final class WatchCounts {

	private final Map<Scanned, LongAdder> settled = new EnumMap<>(Scanned.class);

	private final Map<WatchGap.Reason, LongAdder> gaps = new EnumMap<>(WatchGap.Reason.class);

	final LongAdder events = new LongAdder();

	final LongAdder overflows = new LongAdder();

	final LongAdder refusedNames = new LongAdder();

	final LongAdder unwatched = new LongAdder();

	final AtomicLong watches = new AtomicLong();

	WatchCounts() {
		for (Scanned kind : Scanned.values()) {
			this.settled.put(kind, new LongAdder());
		}
		for (WatchGap.Reason reason : WatchGap.Reason.values()) {
			this.gaps.put(reason, new LongAdder());
		}
	}

	void settled(Scanned kind) {
		adder(this.settled, kind).increment();
	}

	long settledAs(Scanned kind) {
		return adder(this.settled, kind).sum();
	}

	void gap(WatchGap.Reason reason) {
		adder(this.gaps, reason).increment();
	}

	long gaps(WatchGap.Reason reason) {
		return adder(this.gaps, reason).sum();
	}

	long gaps() {
		return this.gaps.values().stream().mapToLong(LongAdder::sum).sum();
	}

	private static <K> LongAdder adder(Map<K, LongAdder> adders, K key) {
		LongAdder adder = adders.get(key);
		if (adder == null) {
			throw new IllegalStateException("No counter of " + key);
		}
		return adder;
	}

}
