package dev.holdfast.app.linux;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/**
 * The calls of the C library that {@link LinuxDirectory} makes, and the native memory
 * that they use again and again: a scan makes millions of them.
 */
final class DirectoryCalls implements AutoCloseable {

	static final int AT_FDCWD = -100;

	static final int LONGEST_NAME = 4096;

	private static final int AT_SYMLINK_NOFOLLOW = 0x100;

	/** Type, mode, size, times and inode. */
	private static final int STATX_BASIC_STATS = 0x7ff;

	private static final int STATX_BYTES = 256;

	private static final boolean ARM = System.getProperty("os.arch", "").startsWith("aarch");

	private static final int O_DIRECTORY = ARM ? 040000 : 0200000;

	private static final int O_NOFOLLOW = ARM ? 0100000 : 0400000;

	private static final int O_CLOEXEC_NONBLOCK = 02004000;

	private static final int ENOENT = 2;

	private static final int EINTR = 4;

	private static final int EACCES = 13;

	private static final int ENOTDIR = 20;

	private static final int ELOOP = 40;

	private static final int LISTING_BYTES = 64 * 1024;

	private static final Linker LINKER = Linker.nativeLinker();

	private static final StructLayout STATE = Linker.Option.captureStateLayout();

	private static final VarHandle ERRNO = STATE.varHandle(PathElement.groupElement("errno"));

	private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;

	private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;

	private static final MethodHandle OPENAT = bind("openat", FunctionDescriptor.of(INT, INT, ValueLayout.ADDRESS, INT),
			Linker.Option.firstVariadicArg(3));

	private static final MethodHandle GETDENTS = bind("getdents64",
			FunctionDescriptor.of(LONG, INT, ValueLayout.ADDRESS, LONG));

	private static final MethodHandle STATX = bind("statx",
			FunctionDescriptor.of(INT, INT, ValueLayout.ADDRESS, INT, INT, ValueLayout.ADDRESS));

	private static final MethodHandle CLOSE = bind("close", FunctionDescriptor.of(INT, INT));

	private final Arena arena = Arena.ofShared();

	private final MemorySegment state = this.arena.allocate(STATE);

	private final MemorySegment name = this.arena.allocate(LONGEST_NAME + 1);

	private final MemorySegment listing = this.arena.allocate(LISTING_BYTES, Long.BYTES);

	private final MemorySegment stat = this.arena.allocate(STATX_BYTES, Long.BYTES);

	/** What the last {@link #list} has read. */
	MemorySegment listing() {
		return this.listing;
	}

	/** What the last {@link #stat} has read. */
	MemorySegment stat() {
		return this.stat;
	}

	/**
	 * Opens a directory.
	 * @param follow whether it may be a symbolic link
	 */
	int open(int at, byte[] bytes, int offset, int length, boolean follow) throws IOException {
		name(bytes, offset, length);
		int flags = O_DIRECTORY | O_CLOEXEC_NONBLOCK | (follow ? 0 : O_NOFOLLOW);
		while (true) {
			int result;
			try {
				result = (int) OPENAT.invokeExact(this.state, at, this.name, flags);
			}
			catch (Throwable ex) {
				throw broken(ex);
			}
			if (result >= 0) {
				return result;
			}
			if (errno() != EINTR) {
				throw failure();
			}
		}
	}

	/**
	 * Reads the next names.
	 * @return how many bytes they take, 0 at the end
	 */
	long list(int descriptor) throws IOException {
		long bytes;
		try {
			bytes = (long) GETDENTS.invokeExact(this.state, descriptor, this.listing, (long) LISTING_BYTES);
		}
		catch (Throwable ex) {
			throw broken(ex);
		}
		if (bytes < 0) {
			this.name.set(ValueLayout.JAVA_BYTE, 0, (byte) 0);
			throw failure();
		}
		return bytes;
	}

	void stat(int at, byte[] bytes, int offset, int length) throws IOException {
		name(bytes, offset, length);
		int result;
		try {
			result = (int) STATX.invokeExact(this.state, at, this.name, AT_SYMLINK_NOFOLLOW, STATX_BASIC_STATS,
					this.stat);
		}
		catch (Throwable ex) {
			throw broken(ex);
		}
		if (result != 0) {
			throw failure();
		}
	}

	void close(int descriptor) {
		try {
			// The number is free again whatever this answers.
			int _ = (int) CLOSE.invokeExact(this.state, descriptor);
		}
		catch (Throwable ex) {
			throw broken(ex);
		}
	}

	@Override
	public void close() {
		this.arena.close();
	}

	private void name(byte[] bytes, int offset, int length) throws FileSystemException {
		if (length > LONGEST_NAME) {
			throw new FileSystemException(new String(bytes, offset, length, StandardCharsets.UTF_8), null,
					"the name is too long");
		}
		MemorySegment.copy(bytes, offset, this.name, ValueLayout.JAVA_BYTE, 0, length);
		this.name.set(ValueLayout.JAVA_BYTE, length, (byte) 0);
	}

	private int errno() {
		return (int) ERRNO.get(this.state, 0L);
	}

	private IOException failure() {
		String shown = this.name.getString(0);
		return switch (errno()) {
			case ENOENT -> new NoSuchFileException(shown);
			case EACCES -> new AccessDeniedException(shown);
			case ENOTDIR, ELOOP -> new NotDirectoryException(shown);
			default -> new FileSystemException(shown, null, "the system reports error " + errno());
		};
	}

	private static IllegalStateException broken(Throwable ex) {
		if (ex instanceof Error error) {
			throw error;
		}
		return new IllegalStateException("A call of the C library could not be made", ex);
	}

	@SuppressWarnings("restricted") // what this package is for; the launchers allow it
	private static MethodHandle bind(String function, FunctionDescriptor descriptor, Linker.Option... more) {
		Linker.Option[] options = new Linker.Option[more.length + 1];
		options[0] = Linker.Option.captureCallState("errno");
		System.arraycopy(more, 0, options, 1, more.length);
		return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(function), descriptor, options);
	}

}
