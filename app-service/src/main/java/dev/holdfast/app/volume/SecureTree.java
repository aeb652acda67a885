package dev.holdfast.app.volume;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Walks down a volume by open directories, as {@code openat} does, so that a directory
 * that becomes a symbolic link on the way leads nowhere.
 */
final class SecureTree {

	private SecureTree() {
	}

	@SuppressWarnings("StreamResourceLeak") // handed to the caller, who closes it
	static SecureDirectoryStream<Path> open(Path root) throws IOException {
		return secure(root, Files.newDirectoryStream(root));
	}

	/**
	 * Opens a directory in an open directory.
	 * @param shown the whole path, for messages
	 * @throws NoSuchFileException where there is nothing of that name
	 * @throws PathRefusedException where there is no directory but something else
	 */
	static SecureDirectoryStream<Path> descend(SecureDirectoryStream<Path> parent, Path name, Path shown)
			throws IOException {
		BasicFileAttributes attributes = lookAt(parent, name)
			.orElseThrow(() -> new NoSuchFileException(shown.toString()));
		if (attributes.isSymbolicLink()) {
			throw new PathRefusedException(PathRefusedException.Kind.SYMBOLIC_LINK,
					"'" + name + "' is a symbolic link: name the file by its own path");
		}
		// Looked at before it is opened: opening a FIFO waits for its writer.
		if (!attributes.isDirectory()) {
			throw new PathRefusedException(PathRefusedException.Kind.IN_THE_WAY,
					"'" + name + "' is a file, so nothing can be below it");
		}
		return secure(shown, parent.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS));
	}

	/**
	 * What is of that name in an open directory; symbolic links are not followed.
	 */
	static Optional<BasicFileAttributes> lookAt(SecureDirectoryStream<Path> parent, Path name) throws IOException {
		try {
			return Optional
				.of(parent.getFileAttributeView(name, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
					.readAttributes());
		}
		catch (NoSuchFileException ex) {
			return Optional.empty();
		}
	}

	/**
	 * Opens a file in an open directory; never through a symbolic link.
	 */
	static FileChannel openFile(SecureDirectoryStream<Path> parent, Path name, OpenOption... options)
			throws IOException {
		Set<OpenOption> all = new HashSet<>(Set.of(options));
		all.add(LinkOption.NOFOLLOW_LINKS);
		SeekableByteChannel channel = parent.newByteChannel(name, all);
		if (channel instanceof FileChannel file) {
			return file;
		}
		channel.close();
		throw new FileSystemException(name.toString(), null, "cannot be opened as a file");
	}

	private static SecureDirectoryStream<Path> secure(Path path, DirectoryStream<Path> directory) throws IOException {
		if (directory instanceof SecureDirectoryStream<Path> secure) {
			return secure;
		}
		directory.close();
		throw new FileSystemException(path.toString(), null,
				"this platform cannot open files relative to a directory: run app-service on Linux");
	}

}
