package dev.holdfast.app.volume;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;

import dev.holdfast.app.catalog.FileStamp;

/**
 * Where a media file is or may be: a name in a directory that is held open, so that
 * nothing done here happens anywhere else.
 */
public final class Place implements AutoCloseable {

	/** How often a file may be replaced by another between two looks. */
	private static final int LOOKS = 5;

	private final SecureDirectoryStream<Path> directory;

	private final Path name;

	private final Path path;

	Place(SecureDirectoryStream<Path> directory, Path path, Path name) {
		this.directory = directory;
		this.path = path;
		this.name = name;
	}

	/**
	 * The path, for what can only be asked of one. What it names may be another file by
	 * then: compare the inode.
	 */
	public Path path() {
		return this.path;
	}

	/**
	 * What is here. There is no {@code fstatat} in the JDK that tells owner and mode: the
	 * path is asked, and where it leads to another file than is here, its answer does not
	 * count.
	 * @return empty where there is nothing
	 * @throws PathRefusedException where there is something other than a regular file
	 */
	public Optional<FileStat> stat() throws IOException {
		for (int attempt = 0; attempt < LOOKS; attempt++) {
			Optional<BasicFileAttributes> seen = SecureTree.lookAt(this.directory, this.name);
			if (seen.isEmpty()) {
				return Optional.empty();
			}
			requireFile(seen.get());
			try {
				Optional<FileStat> stat = FileStat.of(this.path, seen.get().fileKey());
				if (stat.isPresent()) {
					return stat;
				}
			}
			catch (NoSuchFileException ex) {
				return Optional.empty();
			}
		}
		throw new FileSystemException(this.path.toString(), null,
				"is replaced again and again, or a directory above it was: try again");
	}

	/**
	 * Device and inode of what is here, which two paths of the very same file share: hard
	 * links, and a directory that is mounted at two places.
	 * @return empty where there is nothing
	 */
	public Optional<Object> fileKey() throws IOException {
		return SecureTree.lookAt(this.directory, this.name).map(BasicFileAttributes::fileKey);
	}

	/**
	 * Opens the file for reading.
	 * @throws NoSuchFileException where there is nothing
	 * @throws PathRefusedException where there is something other than a regular file
	 */
	public FileChannel open() throws IOException {
		requireFile(SecureTree.lookAt(this.directory, this.name)
			.orElseThrow(() -> new NoSuchFileException(this.path.toString())));
		return SecureTree.openFile(this.directory, this.name, StandardOpenOption.READ);
	}

	/**
	 * Puts a finished file here, in the place of the one that is here. Whoever looks sees
	 * the one or the other, and when this returns it is so after a power cut too.
	 * @param replaced what is here
	 * @return what the file system says of the file now
	 */
	public FileStat put(StagedFile staged, Optional<FileStat> replaced) throws IOException {
		if (replaced.isPresent()) {
			staged.resemble(replaced.get());
		}
		FileStat before = staged.stat();
		staged.moveTo(this.directory, this.name);
		sync();
		Optional<FileStat> after = stat();
		// Another program may have written to the file already: then what is known of it
		// is
		// what it was before, and the next look sees that it differs.
		return after.filter((now) -> sameContent(before.stamp(), now.stamp())).orElse(before);
	}

	/**
	 * Puts a finished file here, unless there is something: then that stays as it is.
	 * When this returns it is so after a power cut too.
	 * @return what the file system says of the file now
	 * @throws FileAlreadyExistsException where there is something
	 */
	public FileStat putNew(StagedFile staged) throws IOException {
		FileStat before = staged.stat();
		try {
			staged.linkTo(this.path);
			if (stat().filter((now) -> now.stamp().inode() == before.stamp().inode()).isEmpty()) {
				throw new FileSystemException(this.path.toString(), null,
						"was moved or replaced while a file was being put there: try again");
			}
			staged.close();
		}
		catch (UnsupportedOperationException ex) {
			// Without links only a look tells, and what comes a moment later is replaced.
			if (SecureTree.lookAt(this.directory, this.name).isPresent()) {
				throw new FileAlreadyExistsException(this.path.toString());
			}
			staged.moveTo(this.directory, this.name);
		}
		sync();
		return stat().filter((now) -> sameContent(before.stamp(), now.stamp())).orElse(before);
	}

	/**
	 * Removes the file.
	 * @throws NoSuchFileException where there is nothing
	 */
	public void delete() throws IOException {
		this.directory.deleteFile(this.name);
		sync();
	}

	/**
	 * Makes what has happened to names in this directory durable.
	 */
	public void sync() throws IOException {
		try (FileChannel channel = SecureTree.openFile(this.directory, Path.of("."), StandardOpenOption.READ)) {
			channel.force(true);
		}
	}

	@Override
	public void close() throws IOException {
		this.directory.close();
	}

	private void requireFile(BasicFileAttributes seen) throws PathRefusedException {
		if (seen.isSymbolicLink()) {
			throw new PathRefusedException(PathRefusedException.Kind.SYMBOLIC_LINK,
					"'" + this.name + "' is a symbolic link: name the file by its own path");
		}
		if (!seen.isRegularFile()) {
			throw new PathRefusedException(PathRefusedException.Kind.IN_THE_WAY, "'" + this.name
					+ (seen.isDirectory() ? "' is a directory" : "' is no regular file") + ": choose another name");
		}
	}

	private static boolean sameContent(FileStamp one, FileStamp other) {
		return one.inode() == other.inode() && one.size() == other.size()
				&& one.modifiedNanos() == other.modifiedNanos();
	}

}
