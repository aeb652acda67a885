package dev.holdfast.app.watch;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * A directory with a watch, where it is now.
 */
final class WatchedDirectory {

	private final int watch;

	private @Nullable WatchedDirectory parent;

	private String name;

	/**
	 * The path that its files were found at last, where it has gone on from there before
	 * it could be listed anew; {@code null} where that is where it is.
	 */
	private @Nullable String listedAt;

	/** Most directories have none. */
	private @Nullable Map<String, WatchedDirectory> children;

	WatchedDirectory(int watch, @Nullable WatchedDirectory parent, String name) {
		this.watch = watch;
		this.parent = parent;
		this.name = name;
	}

	int watch() {
		return this.watch;
	}

	@Nullable WatchedDirectory parent() {
		return this.parent;
	}

	String name() {
		return this.name;
	}

	/**
	 * Relative to the volume's root, empty for the root itself.
	 */
	String path() {
		WatchedDirectory above = this.parent;
		return (above == null) ? "" : above.pathOf(this.name);
	}

	/**
	 * The path of a name in it.
	 */
	String pathOf(String entry) {
		String path = path();
		return path.isEmpty() ? entry : path + "/" + entry;
	}

	@Nullable String listedAt() {
		return this.listedAt;
	}

	void listedAt(@Nullable String path) {
		this.listedAt = path;
	}

	@Nullable WatchedDirectory child(String entry) {
		return (this.children == null) ? null : this.children.get(entry);
	}

	Collection<WatchedDirectory> children() {
		return (this.children == null) ? List.of() : this.children.values();
	}

	void attach(WatchedDirectory child) {
		if (this.children == null) {
			this.children = new HashMap<>(4);
		}
		this.children.put(child.name, child);
	}

	void detach(WatchedDirectory child) {
		if (this.children != null && this.children.get(child.name) == child) {
			this.children.remove(child.name);
		}
	}

	void place(@Nullable WatchedDirectory newParent, String newName) {
		this.parent = newParent;
		this.name = newName;
	}

}
