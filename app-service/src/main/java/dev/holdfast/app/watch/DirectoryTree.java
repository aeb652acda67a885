package dev.holdfast.app.watch;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * The watched directories of a volume: which watch is which directory, and where that is
 * now. Used by one thread.
 */
final class DirectoryTree {

	private final Map<Integer, WatchedDirectory> byWatch = new HashMap<>();

	private @Nullable WatchedDirectory root;

	/**
	 * The directory that a watch is on.
	 * @return {@code null} where it is no longer watched
	 */
	@Nullable WatchedDirectory find(int watch) {
		return this.byWatch.get(watch);
	}

	int size() {
		return this.byWatch.size();
	}

	WatchedDirectory begin(int watch) {
		WatchedDirectory made = new WatchedDirectory(watch, null, "");
		this.root = made;
		this.byWatch.put(watch, made);
		return made;
	}

	@Nullable WatchedDirectory root() {
		return this.root;
	}

	boolean isRoot(WatchedDirectory directory) {
		return directory == this.root;
	}

	/**
	 * Puts the directory with this watch under a name. The kernel gives one that was
	 * watched already its old watch again: then it has been moved here, with all that is
	 * below it, and the event that says so is still to be read.
	 * @return the directory; never one of its own ancestors
	 */
	WatchedDirectory put(WatchedDirectory parent, String name, int watch) {
		WatchedDirectory known = this.byWatch.get(watch);
		if (known != null && !isWithin(parent, known)) {
			move(known, parent, name);
			return known;
		}
		WatchedDirectory made = new WatchedDirectory(watch, parent, name);
		parent.attach(made);
		this.byWatch.put(watch, made);
		return made;
	}

	/**
	 * The directory with this watch where it has another name here, and so has been
	 * moved; {@code null} where it is new, or has this name.
	 */
	@Nullable WatchedDirectory elsewhere(WatchedDirectory parent, String name, int watch) {
		WatchedDirectory known = this.byWatch.get(watch);
		return (known == null || isWithin(parent, known) || parent.child(name) == known) ? null : known;
	}

	/**
	 * Moves a directory, with all that is below it.
	 */
	void move(WatchedDirectory directory, WatchedDirectory parent, String name) {
		WatchedDirectory before = directory.parent();
		if (before != null) {
			before.detach(directory);
		}
		directory.place(parent, name);
		parent.attach(directory);
	}

	/**
	 * Forgets a directory and all that is below it.
	 * @return their watches
	 */
	List<Integer> forget(WatchedDirectory directory) {
		WatchedDirectory parent = directory.parent();
		if (parent != null) {
			parent.detach(directory);
		}
		List<Integer> watches = new ArrayList<>();
		Deque<WatchedDirectory> rest = new ArrayDeque<>(List.of(directory));
		while (!rest.isEmpty()) {
			WatchedDirectory next = rest.pop();
			if (this.byWatch.remove(next.watch(), next)) {
				watches.add(next.watch());
			}
			rest.addAll(next.children());
		}
		return watches;
	}

	/**
	 * Whether the one is the other or lies below it.
	 */
	boolean isWithin(WatchedDirectory one, WatchedDirectory other) {
		WatchedDirectory at = one;
		while (at != null) {
			if (at == other) {
				return true;
			}
			at = at.parent();
		}
		return false;
	}

}
