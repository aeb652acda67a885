package dev.holdfast.app.linux;

import java.io.IOException;

/**
 * A system call that failed.
 */
public final class LinuxException extends IOException {

	private static final long serialVersionUID = 1L;

	private final int errno;

	LinuxException(String operation, int errno) {
		super(operation + ": " + Errno.describe(errno));
		this.errno = errno;
	}

	/**
	 * Why, as the kernel's number.
	 */
	int errno() {
		return this.errno;
	}

	/**
	 * Whether the kernel places no more watches for this user: {@code ENOSPC}, which has
	 * nothing to do with the disk, or no memory for one.
	 */
	public boolean isOutOfWatches() {
		return this.errno == Errno.ENOSPC || this.errno == Errno.ENOMEM;
	}

	/**
	 * Whether what was named is gone, or is something else by now.
	 */
	public boolean isGone() {
		return this.errno == Errno.ENOENT || this.errno == Errno.ENOTDIR || this.errno == Errno.ELOOP;
	}

}
