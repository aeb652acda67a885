package dev.holdfast.app.scan;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Counts what a scan finds, and keeps the first names of what a person may have to look
 * at. Safe for use by many threads.
 */
final class Findings {

	/** Enough to see what it is about; the listing of the API has them all. */
	static final int MOST_NAMES = 20;

	private static final Set<Scanned> NAMED = EnumSet.of(Scanned.BEING_WRITTEN, Scanned.HELD_BACK, Scanned.DAMAGED,
			Scanned.UNREADABLE, Scanned.REFUSED_NAME, Scanned.NO_FILE, Scanned.MISSING);

	private final Map<Scanned, Long> counts = new EnumMap<>(Scanned.class);

	private final Map<Scanned, List<String>> names = new EnumMap<>(Scanned.class);

	private long seen;

	/**
	 * A name was come to.
	 */
	synchronized void seen() {
		this.seen++;
	}

	/**
	 * It is this.
	 * @return whether its name is among the first of its kind
	 */
	synchronized boolean add(Scanned kind, String path) {
		this.counts.merge(kind, 1L, Long::sum);
		if (!NAMED.contains(kind)) {
			return false;
		}
		List<String> first = this.names.computeIfAbsent(kind, (_) -> new ArrayList<>());
		return first.size() < MOST_NAMES && first.add(path);
	}

	/**
	 * Files that are as they were recorded.
	 */
	synchronized void unchanged(long files) {
		this.seen += files;
		this.counts.merge(Scanned.UNCHANGED, files, Long::sum);
	}

	synchronized long seenSoFar() {
		return this.seen;
	}

	synchronized long of(Scanned kind) {
		return this.counts.getOrDefault(kind, 0L);
	}

	synchronized Map<Scanned, Long> counts() {
		return new EnumMap<>(this.counts);
	}

	synchronized Map<Scanned, List<String>> names() {
		Map<Scanned, List<String>> copies = new EnumMap<>(Scanned.class);
		this.names.forEach((kind, first) -> copies.put(kind, List.copyOf(first)));
		return copies;
	}

}
