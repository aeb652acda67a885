package dev.holdfast.app.linux;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.Set;

/**
 * An open directory: its names as the bytes that they are, and what the file system says
 * of each. A scan of a million files makes a million such calls, which through the JDK's
 * own files cost several times as much and turn names that are no UTF-8 into others.
 * Nothing here follows a symbolic link but for the directory that a tree begins with.
 * <p>
 * For one thread. The directories that were opened from one another share buffers.
 */
public final class LinuxDirectory implements AutoCloseable {

	private static final int DT_DIRECTORY = 4;

	private static final long SECOND = 1_000_000_000L;

	private final int descriptor;

	private final DirectoryCalls calls;

	private final boolean first;

	private LinuxDirectory(int descriptor, DirectoryCalls calls, boolean first) {
		this.descriptor = descriptor;
		this.calls = calls;
		this.first = first;
	}

	/**
	 * Whether this can be used here.
	 */
	public static boolean isPossible() {
		return System.getProperty("os.name", "").equals("Linux")
				&& Set.of("amd64", "aarch64").contains(System.getProperty("os.arch", ""));
	}

	/** Takes the names of a directory. */
	@FunctionalInterface
	public interface Names {

		/** Not said in the listing: look. */
		int UNKNOWN = 0;

		/** A directory. */
		int DIRECTORY = 1;

		/** Anything else. */
		int OTHER = 2;

		/**
		 * Takes one name. {@code .} and {@code ..} are left out.
		 * @param type its kind as {@link #DIRECTORY}, {@link #OTHER} or {@link #UNKNOWN}
		 * @param name holds it from its beginning; used again for the next
		 */
		void take(int type, byte[] name, int length);

	}

	/**
	 * What the file system says of a name.
	 *
	 * @param mode type and permission bits
	 * @param size in bytes
	 * @param modifiedNanos time of last modification, nanoseconds since the epoch
	 * @param changedNanos time of last change of the inode, nanoseconds since the epoch
	 * @param inode its number
	 */
	public record Stat(int mode, long size, long modifiedNanos, long changedNanos, long inode) {

	}

	/**
	 * Opens the directory that a tree begins with. Closing it closes what it shares.
	 * @throws IOException where there is none or it cannot be read
	 */
	public static LinuxDirectory open(String path) throws IOException {
		DirectoryCalls calls = new DirectoryCalls();
		try {
			byte[] name = path.getBytes(StandardCharsets.UTF_8);
			return new LinuxDirectory(calls.open(DirectoryCalls.AT_FDCWD, name, 0, name.length, true), calls, true);
		}
		catch (IOException | RuntimeException ex) {
			calls.close();
			throw ex;
		}
	}

	/**
	 * Opens a directory in this one.
	 * @param name holds the name, from the offset on
	 * @throws NoSuchFileException where there is nothing of that name
	 * @throws NotDirectoryException where there is something else, a link included
	 * @throws IOException where it cannot be read
	 */
	public LinuxDirectory open(byte[] name, int offset, int length) throws IOException {
		return new LinuxDirectory(this.calls.open(this.descriptor, name, offset, length, false), this.calls, false);
	}

	/**
	 * Reads all names, in no order. Once.
	 */
	public void list(Names names) throws IOException {
		byte[] name = new byte[DirectoryCalls.LONGEST_NAME];
		MemorySegment listing = this.calls.listing();
		for (long bytes = this.calls.list(this.descriptor); bytes > 0; bytes = this.calls.list(this.descriptor)) {
			for (long at = 0; at < bytes;) {
				int length = 0;
				for (byte b = listing.get(ValueLayout.JAVA_BYTE, at + 19); b != 0; b = listing
					.get(ValueLayout.JAVA_BYTE, at + 19 + length)) {
					name[length++] = b;
				}
				if (!isSelfOrParent(name, length)) {
					names.take(type(listing.get(ValueLayout.JAVA_BYTE, at + 18)), name, length);
				}
				at += listing.get(ValueLayout.JAVA_SHORT_UNALIGNED, at + 16) & 0xffff;
			}
		}
	}

	private static boolean isSelfOrParent(byte[] name, int length) {
		return name[0] == '.' && (length == 1 || (length == 2 && name[1] == '.'));
	}

	private static int type(byte type) {
		return switch (type) {
			case 0 -> Names.UNKNOWN;
			case DT_DIRECTORY -> Names.DIRECTORY;
			default -> Names.OTHER;
		};
	}

	/**
	 * What a name in this directory stands for.
	 * @param name holds the name, from the offset on
	 * @throws NoSuchFileException where there is nothing of that name
	 */
	public Stat stat(byte[] name, int offset, int length) throws IOException {
		this.calls.stat(this.descriptor, name, offset, length);
		MemorySegment stat = this.calls.stat();
		return new Stat(stat.get(ValueLayout.JAVA_SHORT, 28) & 0xffff, stat.get(ValueLayout.JAVA_LONG, 40),
				nanos(stat, 112), nanos(stat, 96), stat.get(ValueLayout.JAVA_LONG, 32));
	}

	private static long nanos(MemorySegment stat, long at) {
		return stat.get(ValueLayout.JAVA_LONG, at) * SECOND + stat.get(ValueLayout.JAVA_INT, at + 8);
	}

	@Override
	public void close() {
		this.calls.close(this.descriptor);
		if (this.first) {
			this.calls.close();
		}
	}

}
