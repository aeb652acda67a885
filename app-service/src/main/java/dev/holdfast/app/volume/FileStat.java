package dev.holdfast.app.volume;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

import dev.holdfast.app.catalog.FileStamp;
import org.jspecify.annotations.Nullable;

/**
 * What the file system says of one name, symbolic links not followed.
 *
 * @param kind what it is
 * @param stamp size, times and inode
 * @param owner user and group, as {@code uid:gid}
 * @param mode permission bits
 */
public record FileStat(Kind kind, FileStamp stamp, String owner, int mode) {

	private static final int PERMISSIONS = 07777;

	private static final int TYPE = 0170000;

	private static final String ATTRIBUTES = "unix:mode,size,lastModifiedTime,ctime,ino,uid,gid";

	/** What a name may stand for. */
	public enum Kind {

		/** A regular file. */
		FILE,

		/** A directory. */
		DIRECTORY,

		/** A symbolic link, wherever it points. */
		SYMBOLIC_LINK,

		/** A FIFO, a socket or a device: never opened. */
		SPECIAL;

		/**
		 * The kind that the type bits of a mode stand for.
		 */
		public static Kind of(int type) {
			return switch (type & TYPE) {
				case 0100000 -> FILE;
				case 0040000 -> DIRECTORY;
				case 0120000 -> SYMBOLIC_LINK;
				default -> SPECIAL;
			};
		}

	}

	/**
	 * Asks the file system.
	 * @throws java.nio.file.NoSuchFileException where there is nothing of that name
	 * @throws IOException where the file system does not answer
	 */
	public static FileStat of(Path path) throws IOException {
		return of(Files.readAttributes(path, ATTRIBUTES, LinkOption.NOFOLLOW_LINKS));
	}

	/**
	 * Asks the file system about what was seen at a path.
	 * @param key device and inode of what was seen
	 * @return empty where something else is there by now
	 * @throws java.nio.file.NoSuchFileException where there is nothing of that name
	 * @throws IOException where the file system does not answer
	 */
	public static Optional<FileStat> of(Path path, @Nullable Object key) throws IOException {
		Map<String, Object> unix = Files.readAttributes(path, ATTRIBUTES + ",fileKey", LinkOption.NOFOLLOW_LINKS);
		return Objects.equals(unix.get("fileKey"), key) ? Optional.of(of(unix)) : Optional.empty();
	}

	private static FileStat of(Map<String, Object> unix) {
		int mode = (int) value(unix, "mode");
		FileStamp stamp = new FileStamp((long) value(unix, "size"), nanos(unix, "lastModifiedTime"),
				nanos(unix, "ctime"), (long) value(unix, "ino"));
		return new FileStat(Kind.of(mode), stamp, value(unix, "uid") + ":" + value(unix, "gid"), mode & PERMISSIONS);
	}

	/**
	 * Whether it is a regular file.
	 */
	public boolean isFile() {
		return this.kind == Kind.FILE;
	}

	/**
	 * When the file was last modified.
	 */
	public Instant modified() {
		return Instant.EPOCH.plusNanos(this.stamp.modifiedNanos());
	}

	private static long nanos(Map<String, Object> attributes, String name) {
		return ((FileTime) value(attributes, name)).to(TimeUnit.NANOSECONDS);
	}

	private static Object value(Map<String, Object> attributes, String name) {
		Object value = attributes.get(name);
		if (value == null) {
			throw new IllegalStateException("The file system tells no '" + name + "'");
		}
		return value;
	}

}
