package dev.holdfast.app.watch;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
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

	/** Of directories that were found under other names before it was told of that. */
	private final Set<Name> found = new HashSet<>();

	private final LongSupplier nanoTime;

	/** Whether events may be unread of what went where nothing was watched. */
	private boolean doubtful;

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
	 * @param found whether the directory was found under its new name already
	 * @param doubtful whether it may have gone where nothing was watched then
	 */
	record Move(String path, boolean directory, @Nullable WatchedDirectory watched, long at, boolean found,
			boolean doubtful) {

		private Move withoutWatch() {
			return new Move(this.path, this.directory, null, this.at, this.found, this.doubtful);
		}

		private Move asFound() {
			return new Move(this.path, this.directory, this.watched, this.at, true, this.doubtful);
		}

		private Move inDoubt() {
			return new Move(this.path, this.directory, this.watched, this.at, this.found, true);
		}

	}

	/** A name in a directory, wherever that is. */
	private record Name(WatchedDirectory parent, String name) {

	}

	/**
	 * A name went somewhere.
	 */
	void from(int cookie, WatchedDirectory parent, String name, boolean directory) {
		this.open.put(cookie, new Move(parent.pathOf(name), directory, directory ? parent.child(name) : null,
				this.nanoTime.getAsLong(), directory && this.found.remove(new Name(parent, name)), this.doubtful));
	}

	/**
	 * A directory is found under another name than the one that it still has here. The
	 * event that its old name went is still to be read, or its second half is and may
	 * never come.
	 */
	void found(WatchedDirectory directory) {
		boolean read = false;
		for (Map.Entry<Integer, Move> move : this.open.entrySet()) {
			if (move.getValue().watched() == directory) {
				move.setValue(move.getValue().asFound());
				read = true;
			}
		}
		WatchedDirectory parent = directory.parent();
		if (!read && parent != null) {
			this.found.add(new Name(parent, directory.name()));
		}
	}

	/**
	 * An event tells that this directory came to the name that it has here. So it is not
	 * the one that had the name, or was this one before it came back, that a first half
	 * before is about.
	 */
	void arrived(WatchedDirectory directory) {
		this.open.replaceAll((_, move) -> (move.watched() == directory) ? move.withoutWatch() : move);
	}

	/**
	 * Takes the first half of this rename.
	 * @return {@code null} where it came from outside
	 */
	@Nullable Move take(int cookie) {
		return this.open.remove(cookie);
	}

	/**
	 * Some of what was watched from a moment on, or was told of new names, was not
	 * before: of the names that go, as far as that was or will have been told until all
	 * events are read, nobody knows that they did not go there.
	 */
	void doubt() {
		this.doubtful = true;
		this.open.replaceAll((_, move) -> move.inDoubt());
	}

	/**
	 * Every event that there was has been read.
	 */
	void readAll() {
		this.doubtful = false;
	}

	boolean areDoubtful() {
		return this.doubtful;
	}

	/**
	 * How long to wait for events: not at all where something depends on whether there
	 * are any.
	 */
	Duration patience(Duration atMost) {
		if (this.doubtful) {
			return Duration.ZERO;
		}
		Iterator<Move> moves = this.open.values().iterator();
		if (!moves.hasNext()) {
			return atMost;
		}
		return isOver(moves.next()) ? Duration.ZERO : PATIENCE;
	}

	boolean isEmpty() {
		return this.open.isEmpty();
	}

	private boolean isOver(Move move) {
		return this.nanoTime.getAsLong() - move.at() >= PATIENCE.toNanos();
	}

	/**
	 * Takes those whose second half does not come, and that were not found either. To be
	 * called when every event has been read.
	 */
	List<Move> takeLeft() {
		List<Move> left = new ArrayList<>();
		Iterator<Move> moves = this.open.values().iterator();
		while (moves.hasNext()) {
			Move move = moves.next();
			if (!isOver(move)) {
				break;
			}
			if (!move.found()) {
				left.add(move);
			}
			moves.remove();
		}
		return left;
	}

}
