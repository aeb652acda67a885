package dev.holdfast.app.volume;

import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

import dev.holdfast.model.MediaId;

import org.springframework.stereotype.Component;

/**
 * Lets one writer at a time change a media file: what was found by looking is still so
 * when it is acted on. A fixed number of locks is shared by all files.
 */
@Component
public final class FileLocks {

	private static final int STRIPES = 1024;

	private final Lock[] stripes = new Lock[STRIPES];

	FileLocks() {
		for (int i = 0; i < STRIPES; i++) {
			this.stripes[i] = new ReentrantLock();
		}
	}

	/**
	 * Waits until no one else changes this file. To be released by closing; one thread
	 * holds one at a time.
	 */
	public Held lock(MediaId id) {
		int hash = id.hashCode();
		Lock lock = this.stripes[Math.floorMod(hash ^ (hash >>> 16), STRIPES)];
		lock.lock();
		return lock::unlock;
	}

	/** The right to change a file. */
	@FunctionalInterface
	public interface Held extends AutoCloseable {

		@Override
		void close();

	}

}
