package dev.holdfast.worker.retry;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;

import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * The headers of records in the retry lane and among the dead letters: UTF-8 text, so
 * that a console consumer shows them.
 */
public final class RetryHeaders {

	/** The store that the record is for. */
	public static final String STORE = "holdfast-store";

	/** When the next attempt is due, in milliseconds since the epoch. */
	public static final String DUE = "holdfast-due";

	/** How many attempts have been made. */
	public static final String ATTEMPTS = "holdfast-attempts";

	/** How often the event has been through the lane. */
	public static final String ROUNDS = "holdfast-rounds";

	/** When it first failed, in milliseconds since the epoch. */
	public static final String FIRST_FAILURE = "holdfast-first-failure";

	/** Why it failed the last time. */
	public static final String REASON = "holdfast-reason";

	/** Where the event was first read, as {@code topic-partition@offset}. */
	public static final String ORIGIN = "holdfast-origin";

	private RetryHeaders() {
	}

	/**
	 * Writes the state of an event.
	 */
	public static void write(Headers headers, RetryState state) {
		put(headers, DUE, Long.toString(state.due().toEpochMilli()));
		put(headers, ATTEMPTS, Integer.toString(state.attempts()));
		put(headers, ROUNDS, Integer.toString(state.rounds()));
		put(headers, FIRST_FAILURE, Long.toString(state.firstFailure().toEpochMilli()));
		put(headers, ORIGIN, state.origin());
	}

	/**
	 * Reads the state of an event. What is absent or makes no sense counts as never tried
	 * and due now: an attempt too many harms nobody.
	 * @param position where the record was read, for one that does not say where from
	 */
	public static RetryState read(Headers headers, String position, Instant now) {
		Instant firstFailure = instant(headers, FIRST_FAILURE).filter((moment) -> !moment.isAfter(now)).orElse(now);
		return new RetryState(number(headers, ROUNDS), number(headers, ATTEMPTS), firstFailure,
				instant(headers, DUE).orElse(now), text(headers, ORIGIN).orElse(position));
	}

	/**
	 * Sets a header, replacing one that is there.
	 */
	public static void put(Headers headers, String name, String value) {
		headers.remove(name);
		headers.add(name, value.getBytes(StandardCharsets.UTF_8));
	}

	/**
	 * The text of a header.
	 */
	public static Optional<String> text(Headers headers, String name) {
		Header header = headers.lastHeader(name);
		byte @Nullable [] value = (header != null) ? header.value() : null;
		return (value == null) ? Optional.empty() : Optional.of(new String(value, StandardCharsets.UTF_8));
	}

	private static int number(Headers headers, String name) {
		return text(headers, name).filter((text) -> text.matches("\\d{1,9}")).map(Integer::parseInt).orElse(0);
	}

	private static Optional<Instant> instant(Headers headers, String name) {
		return text(headers, name).filter((text) -> text.matches("\\d{1,15}"))
			.map(Long::parseLong)
			.map(Instant::ofEpochMilli);
	}

}
