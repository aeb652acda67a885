package dev.holdfast.app.volume;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A directory tree that is no volume, and from which files are brought to one. Nothing in
 * it is reached through a symbolic link, not even one that appears meanwhile.
 */
public final class SourceTree {

	private final Path root;

	private final VolumeTree tree;

	/**
	 * The tree below a directory.
	 */
	public SourceTree(Path root) {
		this.root = root;
		this.tree = new VolumeTree(root);
	}

	/**
	 * The directory.
	 */
	public Path root() {
		return this.root;
	}

	/**
	 * Where a file is.
	 * @param path relative to the root
	 * @return empty where a directory on the way is missing
	 * @throws PathRefusedException where something else than a directory is on the way
	 */
	public Optional<Place> find(String path) throws IOException {
		try {
			return Optional.of(this.tree.walk(path, false));
		}
		catch (NoSuchFileException ex) {
			return Optional.empty();
		}
	}

}
