package dev.holdfast.app.watch;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;

/**
 * First halves of renames that wait for their second. The kernel tells both one after the
 * other, but they may be read apart; a rename that leaves the volume, or goes where
 * nothing is watched, has no second half. Used by one thread.
 */
final class Moves {

	/** Far longer than a read of both halves takes. */
	static final Duration PATIENCE = Duration.ofMillis(250);

	private final Map<Integer, Move> open = new LinkedHashMap<>();

	private final LongSupplier nanoTime;

	Moves(LongSupplier nanoTime) {
		this.nanoTime = nanoTime;
	}

	/**
	 * A name that went somewhere.
	 *
	 * @param path what its path was
	 * @param directory whether it is a directory
	 * @param watched its watched directory, {@code null} for a file or one without a
	 * watch
	 * @param at when the event was read
	 */
	record Move(String path, boolean directory, @Nullable WatchedDirectory watched, long at) {

	}

	void from(int cookie, String path, boolean directory, @Nullable WatchedDirectory watched) {
		this.open.put(cookie, new Move(path, directory, watched, this.nanoTime.getAsLong()));
	}

	/**
	 * Takes the first half of this rename.
	 * @return {@code null} where it came from outside
	 */
	@Nullable Move take(int cookie) {
		return this.open.remove(cookie);
	}

	boolean isEmpty() {
		return this.open.isEmpty();
	}

	/**
	 * Takes those whose second half does not come.
	 */
	List<Move> takeLeft() {
		List<Move> left = new ArrayList<>();
		long now = this.nanoTime.getAsLong();
		Iterator<Move> moves = this.open.values().iterator();
		while (moves.hasNext()) {
			Move move = moves.next();
			if (now - move.at() < PATIENCE.toNanos()) {
				break;
			}
			left.add(move);
			moves.remove();
		}
		return left;
	}

}
