package dev.holdfast.app.linux;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/**
 * Tells whether anyone has a file open for writing, through a descriptor or through a
 * mapping that outlived its descriptor: the kernel grants a read lease only where nobody
 * has.
 * <p>
 * The lease is given back at once. A program that opens the file for writing in that very
 * moment waits for those microseconds and notices nothing. The kernel then also sends a
 * signal to this process, {@code SIGIO} unless told otherwise, which would end the JVM:
 * so one is chosen that is ignored unless somebody handles it.
 */
public final class ReadLease {

	private static final int F_SETSIG = 10;

	private static final int F_SETLEASE = 1024;

	private static final int F_RDLCK = 0;

	private static final int F_UNLCK = 2;

	/** Ignored by default, and used by neither the JVM nor its libraries. */
	private static final int SIGURG = 23;

	private ReadLease() {
	}

	/** What the kernel says. */
	public enum Answer {

		/** Someone has it open for writing. */
		WRITTEN,

		/** Nobody has. */
		NOT_WRITTEN,

		/**
		 * The kernel does not tell: the file belongs to another user and this process has
		 * no {@code CAP_LEASE}, the file system has no leases or is one that others write
		 * to unseen, or there is no regular file.
		 */
		UNKNOWN

	}

	/**
	 * Asks about a file. Never waits, never follows a symbolic link in the last place,
	 * and opens nothing but a regular file: to open a FIFO or a device is to do something
	 * to it.
	 */
	public static Answer ask(Path file) {
		return ask(file, () -> {
		});
	}

	static Answer ask(Path file, Runnable whileHeld) {
		if (!Linux.isPresent() || !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
			return Answer.UNKNOWN;
		}
		int fd;
		try {
			fd = LibC.open(file.toString(), LibC.O_RDONLY | LibC.O_NONBLOCK | LibC.O_NOFOLLOW | LibC.O_CLOEXEC);
		}
		catch (LinuxException ex) {
			// Another program's lease says that it writes; anything else, that we may not
			// look.
			return (ex.errno() == Errno.EAGAIN) ? Answer.WRITTEN : Answer.UNKNOWN;
		}
		try {
			if (SharedFileSystems.isOne(LibC.fileSystemType(fd))) {
				// A refusal says there that the server gave no delegation, and a lease
				// that
				// no writer on this machine is known.
				return Answer.UNKNOWN;
			}
			LibC.fcntl(fd, F_SETSIG, SIGURG);
			LibC.fcntl(fd, F_SETLEASE, F_RDLCK);
			whileHeld.run();
			LibC.fcntl(fd, F_SETLEASE, F_UNLCK);
			return Answer.NOT_WRITTEN;
		}
		catch (LinuxException ex) {
			return (ex.errno() == Errno.EAGAIN) ? Answer.WRITTEN : Answer.UNKNOWN;
		}
		finally {
			LibC.close(fd);
		}
	}

}
