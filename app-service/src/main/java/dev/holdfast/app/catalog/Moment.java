package dev.holdfast.app.catalog;

import java.time.Instant;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A moment, and how far the event log had been read by then.
 *
 * @param at the moment
 * @param positions the next offset of each partition of the event log; what is before it
 * was published before that moment. Empty where nothing had been read.
 */
public record Moment(Instant at, SortedMap<Integer, Long> positions) {

	public Moment {
		positions = new TreeMap<>(positions);
	}

	static String text(Map<Integer, Long> positions) {
		return new TreeMap<>(positions).entrySet()
			.stream()
			.map((position) -> position.getKey() + "=" + position.getValue())
			.collect(Collectors.joining(","));
	}

	static Moment of(long at, String positions) {
		SortedMap<Integer, Long> read = new TreeMap<>();
		if (!positions.isEmpty()) {
			for (String position : positions.split(",", -1)) {
				int sign = position.indexOf('=');
				read.put(Integer.valueOf(position.substring(0, sign)), Long.valueOf(position.substring(sign + 1)));
			}
		}
		return new Moment(Instant.ofEpochMilli(at), read);
	}

}
