package dev.holdfast.app.volume;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The directories of a volume: finds the place of a file in them, and makes those that
 * are missing such that they survive a power cut.
 */
final class VolumeTree {

	/** What the owner of a directory needs to put files there. */
	private static final int OWN_USE = 0700;

	private static final Logger LOG = LoggerFactory.getLogger(VolumeTree.class);

	private final Path root;

	private final Opening opening;

	private final Lock creating = new ReentrantLock();

	/** Directories that were made and may not survive a power cut yet. */
	private final Set<Path> unsynced = ConcurrentHashMap.newKeySet();

	VolumeTree(Path root) {
		this(root, () -> SecureTree.open(root));
	}

	VolumeTree(Path root, Opening opening) {
		this.root = root;
		this.opening = opening;
	}

	/** Opens the root. */
	@FunctionalInterface
	interface Opening {

		SecureDirectoryStream<Path> open() throws IOException;

	}

	/**
	 * Opens a directory in a directory at the root.
	 */
	SecureDirectoryStream<Path> open(String first, String second) throws IOException {
		Path path = this.root.resolve(first);
		try (SecureDirectoryStream<Path> top = this.opening.open();
				SecureDirectoryStream<Path> middle = SecureTree.descend(top, Path.of(first), path)) {
			return SecureTree.descend(middle, Path.of(second), path.resolve(second));
		}
	}

	/**
	 * The place of a file.
	 * @param file its path, with {@code /} between its segments
	 * @param make whether to make the directories that are missing on the way
	 * @throws java.nio.file.NoSuchFileException where one is missing and is not to be
	 * made
	 * @throws PathRefusedException where something else than a directory is on the way
	 */
	Place walk(String file, boolean make) throws IOException {
		String[] segments = file.split("/", -1);
		Path path = this.root;
		SecureDirectoryStream<Path> directory = this.opening.open();
		try {
			for (int i = 0; i < segments.length - 1; i++) {
				Path name = Path.of(segments[i]);
				Path parent = path;
				path = path.resolve(name);
				if (make) {
					ensureDirectory(directory, name, parent, path);
				}
				try (SecureDirectoryStream<Path> left = directory) {
					directory = SecureTree.descend(left, name, path);
				}
			}
			Path name = Path.of(segments[segments.length - 1]);
			return new Place(directory, path.resolve(name), name);
		}
		catch (IOException | RuntimeException ex) {
			directory.close();
			throw ex;
		}
	}

	/**
	 * Makes a directory with those above it that are missing, for the owner and with the
	 * permissions of another, as far as this process may.
	 * @return whether there was none before
	 * @throws PathRefusedException where something else than a directory is on the way
	 */
	boolean make(String directory, FileStat like) throws IOException {
		boolean made = false;
		Path path = this.root;
		SecureDirectoryStream<Path> open = this.opening.open();
		try {
			for (String segment : directory.split("/", -1)) {
				Path name = Path.of(segment);
				Path parent = path;
				path = path.resolve(name);
				boolean missing = SecureTree.lookAt(open, name).isEmpty();
				ensureDirectory(open, name, parent, path);
				if (missing) {
					Ownership.take(path, like.owner());
					Files.setAttribute(path, "unix:mode", like.mode() | OWN_USE, LinkOption.NOFOLLOW_LINKS);
					made = true;
				}
				try (SecureDirectoryStream<Path> left = open) {
					open = SecureTree.descend(left, name, path);
				}
			}
			return made;
		}
		finally {
			open.close();
		}
	}

	/**
	 * Makes a directory where there is none, and returns when it is durable, whoever made
	 * it. There is no {@code mkdirat} in the JDK: a parent that becomes a symbolic link
	 * in this very moment could get an empty directory made elsewhere, but nothing is
	 * ever put there, because what follows goes by the open parent.
	 */
	private void ensureDirectory(SecureDirectoryStream<Path> open, Path name, Path parent, Path path)
			throws IOException {
		if (SecureTree.lookAt(open, name).isPresent() && !this.unsynced.contains(path)) {
			return;
		}
		this.creating.lock();
		try {
			this.unsynced.add(path);
			try {
				Files.createDirectory(path);
			}
			catch (FileAlreadyExistsException ex) {
				LOG.trace("{} was made by someone else", path);
			}
			DurableFiles.syncDirectory(parent);
			this.unsynced.remove(path);
		}
		finally {
			this.creating.unlock();
		}
	}

}
