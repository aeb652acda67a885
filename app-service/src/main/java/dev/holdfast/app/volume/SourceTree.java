package dev.holdfast.app.volume;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.FileSystemException;
import java.nio.file.FileVisitResult;
import java.nio.file.FileVisitor;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

/**
 * A directory tree that is no volume, and from which files are brought to one. Nothing in
 * it is reached through a symbolic link, not even one that appears meanwhile, nor in
 * another directory that comes to be at its path: device and inode tell.
 */
public final class SourceTree {

	/** No longer path can be given to the system. */
	private static final int LONGEST_PATH = 4096;

	private final Path root;

	/** Device and inode; absent where there was nothing. */
	private final @Nullable Object key;

	private final VolumeTree tree;

	private SourceTree(Path root, @Nullable Object key) {
		this.root = root;
		this.key = key;
		this.tree = new VolumeTree(root, this::open);
	}

	/**
	 * The tree below what is a directory now, or below nothing.
	 * @param root a path without symbolic links
	 */
	public static SourceTree at(Path root) throws IOException {
		// What is mounted when it is first used is mounted by this.
		Files.exists(root.resolve("."));
		return new SourceTree(root, keyAt(root).orElse(null));
	}

	/**
	 * The directory.
	 */
	public Path root() {
		return this.root;
	}

	/**
	 * Whether there was no such directory.
	 */
	public boolean isMissing() {
		return this.key == null;
	}

	/**
	 * Holds the directory open. Until this is closed no other one can have its inode.
	 * @throws SourceReplacedException where another one is at its path, or none
	 */
	public Closeable hold() throws IOException {
		return open();
	}

	/**
	 * Requires that its path leads to it.
	 * @throws SourceReplacedException where another one is at its path, or none
	 */
	public void requireInPlace() throws IOException {
		requireSame(keyAt(this.root).orElse(null));
	}

	/**
	 * Where a file is.
	 * @param path relative to the root
	 * @return empty where a directory on the way is missing
	 * @throws SourceReplacedException where another directory is at the root's path, or
	 * none
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

	/**
	 * Goes through the tree as {@link Files#walkFileTree} does, but by open directories.
	 * Where a directory became something else before it was opened, that is a failed
	 * visit.
	 * @param visitor is given paths below the root's; of directories, the attributes of
	 * those that are open
	 * @throws SourceReplacedException where another directory is at the root's path, or
	 * none
	 */
	public void walk(FileVisitor<Path> visitor) throws IOException {
		try (SecureDirectoryStream<Path> open = open()) {
			visit(open, this.root, visitor);
		}
	}

	private static FileVisitResult visit(SecureDirectoryStream<Path> directory, Path path, FileVisitor<Path> visitor)
			throws IOException {
		FileVisitResult before = visitor.preVisitDirectory(path, attributes(directory));
		if (before != FileVisitResult.CONTINUE) {
			return before;
		}
		IOException met = null;
		try {
			for (Path entry : directory) {
				if (visitEntry(directory, path.resolve(entry.getFileName()), visitor) == FileVisitResult.TERMINATE) {
					return FileVisitResult.TERMINATE;
				}
			}
		}
		catch (DirectoryIteratorException ex) {
			met = ex.getCause();
		}
		return visitor.postVisitDirectory(path, met);
	}

	private static FileVisitResult visitEntry(SecureDirectoryStream<Path> directory, Path path,
			FileVisitor<Path> visitor) throws IOException {
		Path name = path.getFileName();
		BasicFileAttributes seen;
		SecureDirectoryStream<Path> entered;
		try {
			seen = SecureTree.lookAt(directory, name).orElseThrow(() -> new NoSuchFileException(path.toString()));
			entered = seen.isDirectory() ? enter(directory, name, path) : null;
		}
		catch (IOException ex) {
			return visitor.visitFileFailed(path, ex);
		}
		if (entered == null) {
			return visitor.visitFile(path, seen);
		}
		try (entered) {
			return visit(entered, path, visitor);
		}
	}

	private static SecureDirectoryStream<Path> enter(SecureDirectoryStream<Path> parent, Path name, Path path)
			throws IOException {
		if (path.toString().length() >= LONGEST_PATH) {
			throw new FileSystemException(path.toString(), null, "lies too deep");
		}
		return SecureTree.descend(parent, name, path);
	}

	private SecureDirectoryStream<Path> open() throws IOException {
		// Looked at before it is opened: opening a FIFO waits for its writer.
		requireInPlace();
		SecureDirectoryStream<Path> open = SecureTree.open(this.root);
		try {
			// The path may lead elsewhere by now, what is open does not.
			requireSame(attributes(open).fileKey());
			return open;
		}
		catch (IOException | RuntimeException ex) {
			open.close();
			throw ex;
		}
	}

	private void requireSame(@Nullable Object found) throws SourceReplacedException {
		if (this.key == null || !this.key.equals(found)) {
			throw new SourceReplacedException(this.root);
		}
	}

	private static BasicFileAttributes attributes(SecureDirectoryStream<Path> directory) throws IOException {
		return directory.getFileAttributeView(BasicFileAttributeView.class).readAttributes();
	}

	private static Optional<Object> keyAt(Path path) throws IOException {
		try {
			return Optional
				.ofNullable(Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS).fileKey());
		}
		catch (NoSuchFileException ex) {
			return Optional.empty();
		}
	}

}
