package dev.holdfast.app.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/**
 * The calls of the C library that this package makes. Each returns what the call does, or
 * throws with the {@code errno} that was captured together with it; a call that a signal
 * interrupted is made again.
 */
final class LibC {

	static final int O_RDONLY = 0;

	static final int O_NONBLOCK = 04000;

	static final int O_CLOEXEC = 02000000;

	static final int O_NOFOLLOW = Linux.isArm() ? 0100000 : 0400000;

	static final int O_DIRECTORY = Linux.isArm() ? 040000 : 0200000;

	static final int POLLIN = 1;

	/** Of {@code struct statfs}, which begins with the file system's type. */
	private static final int STATFS = 120;

	private static final long GETDENTS64 = Linux.isArm() ? 61 : 217;

	private static final Linker LINKER = Linker.nativeLinker();

	private static final Linker.Option CAPTURE = Linker.Option.captureCallState("errno");

	private static final StructLayout STATE = Linker.Option.captureStateLayout();

	private static final VarHandle ERRNO = STATE.varHandle(PathElement.groupElement("errno"));

	private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;

	private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;

	private static final MethodHandle OPEN = bind("open", FunctionDescriptor.of(INT, ValueLayout.ADDRESS, INT),
			Linker.Option.firstVariadicArg(2));

	private static final MethodHandle FCNTL = bind("fcntl", FunctionDescriptor.of(INT, INT, INT, INT),
			Linker.Option.firstVariadicArg(2));

	private static final MethodHandle CLOSE = bind("close", FunctionDescriptor.of(INT, INT));

	private static final MethodHandle FSTATFS = bind("fstatfs", FunctionDescriptor.of(INT, INT, ValueLayout.ADDRESS));

	private static final MethodHandle READ = bind("read", FunctionDescriptor.of(LONG, INT, ValueLayout.ADDRESS, LONG));

	private static final MethodHandle WRITE = bind("write",
			FunctionDescriptor.of(LONG, INT, ValueLayout.ADDRESS, LONG));

	private static final MethodHandle POLL = bind("poll", FunctionDescriptor.of(INT, ValueLayout.ADDRESS, LONG, INT));

	private static final MethodHandle EVENTFD = bind("eventfd", FunctionDescriptor.of(INT, INT, INT));

	private static final MethodHandle INOTIFY_INIT1 = bind("inotify_init1", FunctionDescriptor.of(INT, INT));

	private static final MethodHandle INOTIFY_ADD_WATCH = bind("inotify_add_watch",
			FunctionDescriptor.of(INT, INT, ValueLayout.ADDRESS, INT));

	private static final MethodHandle INOTIFY_RM_WATCH = bind("inotify_rm_watch", FunctionDescriptor.of(INT, INT, INT));

	/** The C library has no name for it that all versions share. */
	private static final MethodHandle GETDENTS = bind("syscall",
			FunctionDescriptor.of(LONG, LONG, LONG, ValueLayout.ADDRESS, LONG), Linker.Option.firstVariadicArg(1));

	private LibC() {
	}

	/** One call, made with the place where it leaves its {@code errno}. */
	@FunctionalInterface
	private interface Call {

		long make(MemorySegment state) throws Throwable;

	}

	static int open(String path, int flags) throws LinuxException {
		try (Arena arena = Arena.ofConfined()) {
			MemorySegment name = arena.allocateFrom(path);
			return (int) checked(arena, "open " + path, (state) -> (int) OPEN.invokeExact(state, name, flags));
		}
	}

	static int fcntl(int fd, int command, int argument) throws LinuxException {
		try (Arena arena = Arena.ofConfined()) {
			return (int) checked(arena, "fcntl", (state) -> (int) FCNTL.invokeExact(state, fd, command, argument));
		}
	}

	/**
	 * The number of the type of the file system that an open file is on
	 * ({@code statfs(2)}).
	 */
	static int fileSystemType(int fd) throws LinuxException {
		try (Arena arena = Arena.ofConfined()) {
			MemorySegment stat = arena.allocate(STATFS, Long.BYTES);
			long _ = checked(arena, "fstatfs", (state) -> (int) FSTATFS.invokeExact(state, fd, stat));
			return (int) stat.get(LONG, 0);
		}
	}

	static void close(int fd) {
		try (Arena arena = Arena.ofConfined()) {
			MemorySegment state = arena.allocate(STATE);
			// The number is free whatever close answers, so there is nothing to do about
			// a failure.
			int _ = (int) CLOSE.invokeExact(state, fd);
		}
		catch (Throwable ex) {
			throw broken(ex);
		}
	}

	static long read(Arena arena, int fd, MemorySegment buffer) throws LinuxException {
		return checked(arena, "read", (state) -> (long) READ.invokeExact(state, fd, buffer, buffer.byteSize()));
	}

	static long write(Arena arena, int fd, MemorySegment bytes) throws LinuxException {
		return checked(arena, "write", (state) -> (long) WRITE.invokeExact(state, fd, bytes, bytes.byteSize()));
	}

	static long getdents(Arena arena, int fd, MemorySegment buffer) throws LinuxException {
		return checked(arena, "getdents64",
				(state) -> (long) GETDENTS.invokeExact(state, GETDENTS64, (long) fd, buffer, buffer.byteSize()));
	}

	static int poll(Arena arena, MemorySegment descriptors, long count, int millis) throws LinuxException {
		return (int) checked(arena, "poll", (state) -> (int) POLL.invokeExact(state, descriptors, count, millis));
	}

	static int eventfd() throws LinuxException {
		try (Arena arena = Arena.ofConfined()) {
			return (int) checked(arena, "eventfd",
					(state) -> (int) EVENTFD.invokeExact(state, 0, O_NONBLOCK | O_CLOEXEC));
		}
	}

	static int inotifyInit() throws LinuxException {
		try (Arena arena = Arena.ofConfined()) {
			return (int) checked(arena, "inotify_init1",
					(state) -> (int) INOTIFY_INIT1.invokeExact(state, O_NONBLOCK | O_CLOEXEC));
		}
	}

	static int inotifyAddWatch(int fd, String path, int mask) throws LinuxException {
		try (Arena arena = Arena.ofConfined()) {
			MemorySegment name = arena.allocateFrom(path);
			return (int) checked(arena, "inotify_add_watch " + path,
					(state) -> (int) INOTIFY_ADD_WATCH.invokeExact(state, fd, name, mask));
		}
	}

	static void inotifyRemoveWatch(int fd, int watch) throws LinuxException {
		try (Arena arena = Arena.ofConfined()) {
			long _ = checked(arena, "inotify_rm_watch",
					(state) -> (int) INOTIFY_RM_WATCH.invokeExact(state, fd, watch));
		}
	}

	@SuppressWarnings("restricted") // this class is what needs --enable-native-access
	private static MethodHandle bind(String name, FunctionDescriptor descriptor, Linker.Option... more) {
		Linker.Option[] options = new Linker.Option[more.length + 1];
		options[0] = CAPTURE;
		System.arraycopy(more, 0, options, 1, more.length);
		return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), descriptor, options);
	}

	private static long checked(Arena arena, String operation, Call call) throws LinuxException {
		MemorySegment state = arena.allocate(STATE);
		while (true) {
			long result;
			try {
				result = call.make(state);
			}
			catch (Throwable ex) {
				throw broken(ex);
			}
			if (result >= 0) {
				return result;
			}
			int errno = (int) ERRNO.get(state, 0L);
			if (errno != Errno.EINTR) {
				throw new LinuxException(operation, errno);
			}
		}
	}

	private static IllegalStateException broken(Throwable ex) {
		if (ex instanceof Error error) {
			throw error;
		}
		return new IllegalStateException("A call of the C library could not be made", ex);
	}

}
