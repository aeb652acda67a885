package dev.holdfast.app.catalog;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * What is held of a volume at one moment.
 *
 * @param counts how many changes
 * @param asOf stands for what waits now: a decision as of it is about no change that was
 * held later; 0 where nothing waits
 * @param latest when the latest of the changes that wait was seen; {@code null} where
 * nothing waits
 */
public record HeldNow(HeldCounts counts, long asOf, @Nullable Instant latest) {

	/** As of whatever waits when the decision is taken. */
	public static final long ALL = Long.MAX_VALUE;

}
