package dev.holdfast.app.linux;

import java.util.Map;

/**
 * The error numbers that are told apart, the same on every architecture that
 * {@link Linux} knows.
 */
final class Errno {

	static final int ENOENT = 2;

	static final int EINTR = 4;

	static final int EAGAIN = 11;

	static final int ENOMEM = 12;

	static final int EACCES = 13;

	static final int ENOTDIR = 20;

	static final int EINVAL = 22;

	static final int ENFILE = 23;

	static final int EMFILE = 24;

	static final int ENOSPC = 28;

	static final int ELOOP = 40;

	private static final Map<Integer, String> NAMES = Map.of(ENOENT, "there is nothing of that name", ENOMEM,
			"the kernel has no memory for it", EACCES, "this user may not", ENOTDIR, "that is no directory", EINVAL,
			"the file system or the kernel does not know this", ENFILE, "too many files are open on this host", EMFILE,
			"this user has no more inotify instances (fs.inotify.max_user_instances) or open files", ENOSPC,
			"this user has no more watches: raise fs.inotify.max_user_watches", ELOOP, "that is a symbolic link");

	private Errno() {
	}

	static String describe(int errno) {
		String name = NAMES.get(errno);
		return (name == null) ? "error " + errno : name + " (error " + errno + ")";
	}

}
