package dev.holdfast.app.linux;

import java.util.Optional;

/**
 * Something that happened in a watched directory, or to it.
 *
 * @param watch the watch it came by; -1 for {@link Kind#OVERFLOW}
 * @param mask the kernel's bits
 * @param cookie the same for both halves of one rename, else 0
 * @param rawName the name in that directory, byte for byte; empty where it is about the
 * directory itself
 */
@SuppressWarnings("ArrayRecordComponent")
public record InotifyEvent(int watch, int mask, int cookie, byte[] rawName) {

	/** What may have happened. */
	public enum Kind {

		/** Metadata changed: mode, owner, times. */
		ATTRIB(0x4),

		/** A file that was open for writing was closed. */
		CLOSE_WRITE(0x8),

		/** A file or directory that was open for reading only was closed. */
		CLOSE_NOWRITE(0x10),

		/** A name is gone by a rename. */
		MOVED_FROM(0x40),

		/** A name has come by a rename. */
		MOVED_TO(0x80),

		/** A name has come: a file was begun, a directory or a hard link made. */
		CREATE(0x100),

		/** A name was removed. */
		DELETE(0x200),

		/** The watched directory itself was removed. */
		DELETE_SELF(0x400),

		/** The watched directory itself was renamed. */
		MOVE_SELF(0x800),

		/** The file system was unmounted. */
		UNMOUNT(0x2000),

		/** The kernel's queue was full: events were dropped. */
		OVERFLOW(0x4000),

		/** The watch is no more. */
		IGNORED(0x8000);

		private final int bit;

		Kind(int bit) {
			this.bit = bit;
		}

		int bit() {
			return this.bit;
		}

	}

	private static final int IS_DIRECTORY = 0x40000000;

	/**
	 * Whether it is of this kind.
	 */
	public boolean is(Kind kind) {
		return (this.mask & kind.bit()) != 0;
	}

	/**
	 * Whether the name is a directory's.
	 */
	public boolean isDirectory() {
		return (this.mask & IS_DIRECTORY) != 0;
	}

	/**
	 * The name as text.
	 * @return empty where its bytes are no UTF-8
	 */
	public Optional<String> name() {
		return DirectoryEntries.decode(this.rawName);
	}

}
