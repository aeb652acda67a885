package dev.holdfast.app.scan;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts what a scan finds.
 */
final class ScanCounts {

	private final Map<Scanned, LongAdder> counts = new EnumMap<>(Scanned.class);

	private final LongAdder seen = new LongAdder();

	ScanCounts() {
		for (Scanned kind : Scanned.values()) {
			this.counts.put(kind, new LongAdder());
		}
	}

	void seen() {
		this.seen.increment();
	}

	void add(Scanned kind) {
		counter(kind).increment();
	}

	long seenSoFar() {
		return this.seen.sum();
	}

	long of(Scanned kind) {
		return counter(kind).sum();
	}

	private LongAdder counter(Scanned kind) {
		LongAdder counter = this.counts.get(kind);
		if (counter == null) {
			throw new IllegalStateException("No counter of " + kind);
		}
		return counter;
	}

}
