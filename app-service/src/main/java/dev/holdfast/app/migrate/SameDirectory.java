package dev.holdfast.app.migrate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;

/**
 * Tells whether directories lie in each other, by their paths and by what they are: the
 * same directory may be mounted at several paths, and none of them is a symbolic link.
 * Seen are the directories at and above two paths. What is mounted below one is in the
 * table of mounts, or the {@link Boundary} tells it where it is met.
 */
final class SameDirectory {

	private SameDirectory() {
	}

	/** Tells what a directory is, whatever its path. */
	@FunctionalInterface
	interface Keys {

		/**
		 * The same for each path of a directory.
		 * @return empty where there is nothing
		 */
		Optional<Object> of(Path path) throws IOException;

	}

	/**
	 * Device and inode.
	 */
	static Optional<Object> key(Path path) throws IOException {
		try {
			return Optional.ofNullable(Files.readAttributes(path, BasicFileAttributes.class).fileKey());
		}
		catch (NoSuchFileException ex) {
			return Optional.empty();
		}
	}

	/**
	 * Whether one is the other, or is below or above it, as far as the directories above
	 * them tell.
	 * @param one a path without symbolic links
	 * @param other a path without symbolic links
	 */
	static boolean lieInEachOther(Path one, Path other, Keys keys) throws IOException {
		return one.startsWith(other) || other.startsWith(one) || isAtOrAbove(one, other, keys)
				|| isAtOrAbove(other, one, keys);
	}

	private static boolean isAtOrAbove(Path directory, Path path, Keys keys) throws IOException {
		Optional<Object> key = keys.of(directory);
		if (key.isEmpty()) {
			return false;
		}
		for (Path at = path; at != null; at = at.getParent()) {
			if (key.equals(keys.of(at))) {
				return true;
			}
		}
		return false;
	}

}
