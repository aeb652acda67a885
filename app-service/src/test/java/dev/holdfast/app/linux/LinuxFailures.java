package dev.holdfast.app.linux;

/**
 * What the kernel answers where a limit is reached that tests cannot lower, or where this
 * user may not.
 */
public final class LinuxFailures {

	private LinuxFailures() {
	}

	public static LinuxException notAllowed() {
		return new LinuxException("inotify_add_watch", Errno.EACCES);
	}

	public static LinuxException outOfWatches() {
		return new LinuxException("inotify_add_watch", Errno.ENOSPC);
	}

}
