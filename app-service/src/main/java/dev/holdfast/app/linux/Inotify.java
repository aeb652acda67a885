package dev.holdfast.app.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * One inotify descriptor. {@link #read} is for one thread; {@link #watch},
 * {@link #unwatch} and {@link #wake()} may be called by any, until {@link #close()}.
 */
public final class Inotify implements AutoCloseable {

	private static final int ONLY_DIRECTORY = 0x01000000;

	private static final int DONT_FOLLOW = 0x02000000;

	/** Nothing is told of names that are gone, although someone has them open. */
	private static final int EXCLUDE_UNLINKED = 0x04000000;

	private static final int MASK = InotifyEvent.Kind.CLOSE_WRITE.bit() | InotifyEvent.Kind.MOVED_TO.bit()
			| InotifyEvent.Kind.MOVED_FROM.bit() | InotifyEvent.Kind.CREATE.bit() | InotifyEvent.Kind.DELETE.bit()
			| InotifyEvent.Kind.DELETE_SELF.bit() | InotifyEvent.Kind.MOVE_SELF.bit() | InotifyEvent.Kind.ATTRIB.bit()
			| ONLY_DIRECTORY | DONT_FOLLOW | EXCLUDE_UNLINKED;

	private static final int BUFFER = 256 * 1024;

	private static final int HEADER = 16;

	private static final int POLL_ENTRY = 8;

	private final Arena arena = Arena.ofShared();

	private final MemorySegment buffer = this.arena.allocate(BUFFER, Long.BYTES);

	private final MemorySegment polled = this.arena.allocate(2 * POLL_ENTRY, Integer.BYTES);

	private final MemorySegment counter = this.arena.allocate(ValueLayout.JAVA_LONG);

	private final int fd;

	private final int waker;

	private boolean closed;

	private Inotify(int fd, int waker) {
		this.fd = fd;
		this.waker = waker;
		pollFor(0, fd);
		pollFor(1, waker);
	}

	/**
	 * Opens a descriptor without watches.
	 * @throws LinuxException where this user has no more of them
	 */
	public static Inotify open() throws LinuxException {
		int fd = LibC.inotifyInit();
		try {
			return new Inotify(fd, LibC.eventfd());
		}
		catch (LinuxException ex) {
			LibC.close(fd);
			throw ex;
		}
	}

	/**
	 * Watches a directory. One that is watched already, by whatever name, keeps its
	 * watch.
	 * @return the watch
	 * @throws LinuxException where it is gone or is no directory, this user may not read
	 * it, or has no more watches
	 */
	public int watch(Path directory) throws LinuxException {
		return LibC.inotifyAddWatch(this.fd, directory.toString(), MASK);
	}

	/**
	 * Watches a directory for files that were read, and nothing else.
	 * @return the watch
	 * @throws LinuxException as {@link #watch}
	 */
	public int watchReads(Path directory) throws LinuxException {
		return LibC.inotifyAddWatch(this.fd, directory.toString(),
				InotifyEvent.Kind.CLOSE_NOWRITE.bit() | ONLY_DIRECTORY | DONT_FOLLOW);
	}

	/**
	 * Ends a watch; one that has ended by itself is left alone.
	 */
	public void unwatch(int watch) throws LinuxException {
		try {
			LibC.inotifyRemoveWatch(this.fd, watch);
		}
		catch (LinuxException ex) {
			// The kernel ends watches of directories that are gone by itself.
			if (ex.errno() != Errno.EINVAL) {
				throw ex;
			}
		}
	}

	/**
	 * Waits for events.
	 * @return those that are there, in their order; none where the time is over or
	 * {@link #wake()} was called
	 */
	public List<InotifyEvent> read(Duration atMost) throws LinuxException {
		try (Arena call = Arena.ofConfined()) {
			int millis = (int) Math.min(Integer.MAX_VALUE, Math.max(0, atMost.toMillis()));
			if (LibC.poll(call, this.polled, 2, millis) == 0) {
				return List.of();
			}
			if (isReadable(1)) {
				LibC.read(call, this.waker, this.counter);
			}
			return isReadable(0) ? parse(LibC.read(call, this.fd, this.buffer)) : List.of();
		}
	}

	/**
	 * Ends a {@link #read} that waits, or the next one.
	 */
	public synchronized void wake() {
		if (this.closed) {
			return;
		}
		try (Arena call = Arena.ofConfined()) {
			MemorySegment one = call.allocateFrom(ValueLayout.JAVA_LONG, 1);
			LibC.write(call, this.waker, one);
		}
		catch (LinuxException ex) {
			if (ex.errno() != Errno.EAGAIN) {
				throw new IllegalStateException("A reader of events could not be woken", ex);
			}
		}
	}

	/**
	 * Ends every watch. No thread may read any more.
	 */
	@Override
	public synchronized void close() {
		if (this.closed) {
			return;
		}
		this.closed = true;
		LibC.close(this.fd);
		LibC.close(this.waker);
		this.arena.close();
	}

	private List<InotifyEvent> parse(long length) {
		List<InotifyEvent> events = new ArrayList<>();
		long at = 0;
		while (at + HEADER <= length) {
			int nameLength = this.buffer.get(ValueLayout.JAVA_INT, at + 12);
			events.add(new InotifyEvent(this.buffer.get(ValueLayout.JAVA_INT, at),
					this.buffer.get(ValueLayout.JAVA_INT, at + 4), this.buffer.get(ValueLayout.JAVA_INT, at + 8),
					name(at + HEADER, nameLength)));
			at += HEADER + nameLength;
		}
		return events;
	}

	/**
	 * The name is followed by zero bytes, up to a multiple of the header's length.
	 */
	private byte[] name(long from, int padded) {
		int length = 0;
		while (length < padded && this.buffer.get(ValueLayout.JAVA_BYTE, from + length) != 0) {
			length++;
		}
		return this.buffer.asSlice(from, length).toArray(ValueLayout.JAVA_BYTE);
	}

	private void pollFor(int index, int descriptor) {
		this.polled.set(ValueLayout.JAVA_INT, (long) index * POLL_ENTRY, descriptor);
		this.polled.set(ValueLayout.JAVA_SHORT, (long) index * POLL_ENTRY + 4, (short) LibC.POLLIN);
	}

	private boolean isReadable(int index) {
		return (this.polled.get(ValueLayout.JAVA_SHORT, (long) index * POLL_ENTRY + 6) & LibC.POLLIN) != 0;
	}

}
