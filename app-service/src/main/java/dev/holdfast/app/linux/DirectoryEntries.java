package dev.holdfast.app.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Lists a directory with the kind of each name and without a look at each: the JDK asks
 * the file system for every single one, which for the directories of a large volume is
 * most of the work.
 */
public final class DirectoryEntries {

	private static final int BUFFER = 32 * 1024;

	/** Where a name begins in an entry. */
	private static final int NAME = 19;

	private DirectoryEntries() {
	}

	/** What a name stands for. */
	public enum Kind {

		/** A directory. */
		DIRECTORY,

		/** A regular file. */
		FILE,

		/** A symbolic link, FIFO, socket or device. */
		OTHER,

		/** This file system does not tell. */
		UNKNOWN;

		private static Kind of(int type) {
			return switch (type) {
				case 0 -> UNKNOWN;
				case 4 -> DIRECTORY;
				case 8 -> FILE;
				default -> OTHER;
			};
		}

	}

	/** Takes one entry. */
	@FunctionalInterface
	public interface Taker {

		/**
		 * Takes an entry.
		 * @param name the name, empty where its bytes are no UTF-8
		 * @param inode its inode, as the directory has it
		 */
		void take(Optional<String> name, Kind kind, long inode);

	}

	/**
	 * Lists a directory, {@code .} and {@code ..} left out. Names that come or go
	 * meanwhile may or may not be among them.
	 * @throws LinuxException where it is gone, is no directory, or may not be read
	 */
	public static void list(Path directory, Taker taker) throws LinuxException {
		int fd = LibC.open(directory.toString(), LibC.O_RDONLY | LibC.O_DIRECTORY | LibC.O_NOFOLLOW | LibC.O_CLOEXEC);
		try (Arena arena = Arena.ofConfined()) {
			MemorySegment buffer = arena.allocate(BUFFER, Long.BYTES);
			long length = LibC.getdents(arena, fd, buffer);
			while (length > 0) {
				take(buffer, length, taker);
				length = LibC.getdents(arena, fd, buffer);
			}
		}
		finally {
			LibC.close(fd);
		}
	}

	private static void take(MemorySegment buffer, long length, Taker taker) {
		long at = 0;
		while (at < length) {
			int entry = buffer.get(ValueLayout.JAVA_SHORT, at + 16) & 0xffff;
			int end = NAME;
			while (buffer.get(ValueLayout.JAVA_BYTE, at + end) != 0) {
				end++;
			}
			byte[] name = buffer.asSlice(at + NAME, end - NAME).toArray(ValueLayout.JAVA_BYTE);
			if (!isDots(name)) {
				taker.take(decode(name), Kind.of(buffer.get(ValueLayout.JAVA_BYTE, at + 18)),
						buffer.get(ValueLayout.JAVA_LONG, at));
			}
			at += entry;
		}
	}

	private static boolean isDots(byte[] name) {
		return name[0] == '.' && (name.length == 1 || (name.length == 2 && name[1] == '.'));
	}

	static Optional<String> decode(byte[] name) {
		try {
			return Optional.of(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(name)).toString());
		}
		catch (CharacterCodingException ex) {
			return Optional.empty();
		}
	}

}
