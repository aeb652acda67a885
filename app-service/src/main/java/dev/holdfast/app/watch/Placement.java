package dev.holdfast.app.watch;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

import dev.holdfast.app.linux.DirectoryEntries;
import dev.holdfast.app.linux.LinuxException;
import dev.holdfast.model.VolumeName;
import org.jspecify.annotations.Nullable;

/**
 * Places watches on directories and all that are below them, each before it is listed.
 * Used by one thread.
 */
final class Placement {

	/** Beyond these the whole volume is looked at again. */
	private static final int MOST_APART = 100;

	private final Path root;

	private final Watches watches;

	private final DirectoryTree tree;

	private final MediaNames names;

	private final Moves moves;

	private final WatchCounts counts;

	private final Unwatched unwatched;

	Placement(VolumeName volume, Path root, Watches watches, DirectoryTree tree, MediaNames names, Moves moves,
			WatchCounts counts) {
		this.root = root;
		this.watches = watches;
		this.tree = tree;
		this.names = names;
		this.moves = moves;
		this.counts = counts;
		this.unwatched = new Unwatched(volume);
	}

	/**
	 * A directory that has a watch now.
	 *
	 * @param former what its path was; {@code null} where that is not known
	 */
	private record Placed(WatchedDirectory directory, @Nullable String former) {

	}

	/**
	 * Watches the root and every directory below it.
	 * @throws LinuxException where the root cannot be watched
	 */
	void placeRoot() throws LinuxException {
		WatchedDirectory root = this.tree.begin(this.watches.watch(this.root));
		this.counts.watches.set(1);
		// What goes into a directory before that is watched is seen to go, and not where.
		this.moves.doubt();
		descend(new Placed(root, null), Finder.NONE);
		this.unwatched.begin();
	}

	/**
	 * Watches a directory and every one below it.
	 * @param former what its path was; {@code null} where that is not known
	 */
	void place(WatchedDirectory parent, String name, @Nullable String former, Finder finder) {
		Placed placed = watch(parent, name, null, finder);
		if (placed != null) {
			descend((placed.former() == null) ? new Placed(placed.directory(), former) : placed, finder);
		}
	}

	/**
	 * Tries again to watch what could not be watched.
	 * @return the directories that have to be looked at
	 */
	List<String> retry() {
		if (this.unwatched.isEmpty()) {
			return List.of();
		}
		List<String> before = this.unwatched.paths();
		for (String directory : before) {
			tryAgain(directory);
		}
		this.unwatched.tried();
		return (before.size() > MOST_APART) ? List.of("") : before;
	}

	private void tryAgain(String directory) {
		WatchedDirectory root = this.tree.root();
		WatchedDirectory parent = find(parentOf(directory));
		if (directory.isEmpty() && root != null) {
			descend(new Placed(root, null), Finder.NONE);
		}
		else if (parent != null) {
			place(parent, directory.substring(directory.lastIndexOf('/') + 1), null, Finder.NONE);
		}
		else {
			// One above it is gone or has no watch itself.
			watchedAgain(directory);
		}
	}

	/**
	 * Whether every directory is watched that may be one of media.
	 */
	boolean isEverywhere() {
		return this.unwatched.isEmpty() && !this.names.refusedDirectories();
	}

	/**
	 * Whether the directory has no watch, or could not be listed.
	 */
	boolean isUnwatched(WatchedDirectory parent, String name) {
		return parent.child(name) == null || this.unwatched.contains(parent.pathOf(name));
	}

	/**
	 * The directories that could not be watched since the last time.
	 */
	List<String> takeLost() {
		return this.unwatched.takeLost();
	}

	/**
	 * Why not every directory is watched; {@code null} where each is.
	 */
	@Nullable String trouble() {
		return this.unwatched.trouble();
	}

	void forget(WatchedDirectory directory) {
		for (int watch : this.tree.forget(directory)) {
			try {
				this.watches.unwatch(watch);
			}
			catch (LinuxException ex) {
				throw new IllegalStateException("A watch could not be given back", ex);
			}
		}
	}

	private void descend(Placed top, Finder finder) {
		Deque<Placed> rest = new ArrayDeque<>(List.of(top));
		while (!rest.isEmpty()) {
			Placed placed = rest.pop();
			WatchedDirectory directory = placed.directory();
			List<String> below = new ArrayList<>();
			long refusals = this.names.refusals();
			try {
				DirectoryEntries.list(absolute(directory.path()), (name, kind, inode) -> {
					if (name.isEmpty()) {
						this.names.refuseIn(directory.path(),
								kind == DirectoryEntries.Kind.DIRECTORY || kind == DirectoryEntries.Kind.UNKNOWN);
					}
					else if (isDirectory(directory, name.get(), kind)) {
						below.add(name.get());
					}
					else if (kind != DirectoryEntries.Kind.OTHER && this.names.covers(directory.pathOf(name.get()))) {
						finder.file(directory.pathOf(name.get()), inode, below(placed.former(), name.get()));
					}
				});
				directory.listedAt(null);
				watchedAgain(directory.path());
			}
			catch (LinuxException ex) {
				unlisted(directory.path(), ex);
			}
			if (this.names.refusals() != refusals) {
				// What was given such a name before the directory was watched is still
				// there.
				this.moves.doubt();
			}
			for (String name : below) {
				Placed child = this.names.mayCover(directory.pathOf(name))
						? watch(directory, name, below(placed.former(), name), finder) : null;
				if (child != null) {
					rest.push(child);
				}
			}
		}
	}

	private boolean isDirectory(WatchedDirectory directory, String name, DirectoryEntries.Kind kind) {
		return kind == DirectoryEntries.Kind.DIRECTORY || (kind == DirectoryEntries.Kind.UNKNOWN
				&& Files.isDirectory(absolute(directory.pathOf(name)), LinkOption.NOFOLLOW_LINKS));
	}

	private static @Nullable String below(@Nullable String directory, String name) {
		return (directory == null) ? null : directory + "/" + name;
	}

	/**
	 * Watches a directory.
	 * @param former what its path was if it is the one that had this name before
	 */
	private @Nullable Placed watch(WatchedDirectory parent, String name, @Nullable String former, Finder finder) {
		String path = parent.pathOf(name);
		int watch;
		try {
			watch = this.watches.watch(absolute(path));
		}
		catch (LinuxException ex) {
			unlisted(path, ex);
			return null;
		}
		WatchedDirectory before = parent.child(name);
		boolean another = before != null && before.watch() != watch;
		WatchedDirectory moved = this.tree.elsewhere(parent, name, watch);
		String movedFrom = null;
		if (moved != null) {
			this.moves.found(moved);
			movedFrom = moved.path();
		}
		// It may have been below the one that had the name before.
		WatchedDirectory placed = this.tree.put(parent, name, watch);
		if (before != null && another) {
			forget(before);
		}
		String was = (placed.listedAt() == null) ? movedFrom : placed.listedAt();
		if (was != null) {
			finder.moved(was);
			return new Placed(placed, was);
		}
		return new Placed(placed, another ? null : former);
	}

	private void unlisted(String path, LinuxException met) {
		if (met.isGone()) {
			watchedAgain(path);
			return;
		}
		this.counts.unwatched.increment();
		this.unwatched.add(path, met);
	}

	/**
	 * What had gone there until now was not seen to.
	 */
	private void watchedAgain(String path) {
		if (this.unwatched.remove(path)) {
			this.moves.doubt();
		}
	}

	private @Nullable WatchedDirectory find(String path) {
		WatchedDirectory at = this.tree.root();
		if (path.isEmpty() || at == null) {
			return at;
		}
		for (String name : path.split("/", -1)) {
			at = (at == null) ? null : at.child(name);
		}
		return at;
	}

	private static String parentOf(String path) {
		int slash = path.lastIndexOf('/');
		return (slash < 0) ? "" : path.substring(0, slash);
	}

	private Path absolute(String path) {
		return path.isEmpty() ? this.root : this.root.resolve(path);
	}

}
