package dev.holdfast.app.catalog;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.locks.ReentrantLock;

import dev.holdfast.model.MediaId;

/**
 * One lock for each media file that is being changed: upload, delete and scan hold it
 * from their last look at the file until the catalog has recorded what they found, so
 * that catalog and volume cannot tell different orders. To be held briefly.
 */
public final class FileLocks {

	private final ConcurrentMap<MediaId, Entry> entries = new ConcurrentHashMap<>();

	/**
	 * Waits until nobody else holds the file.
	 * @return to be closed by the same thread
	 */
	public Held lock(MediaId id) {
		Entry entry = this.entries.compute(id, (_, present) -> {
			Entry used = (present == null) ? new Entry() : present;
			used.users++;
			return used;
		});
		entry.lock.lock();
		return () -> {
			entry.lock.unlock();
			this.entries.computeIfPresent(id, (_, present) -> {
				present.users--;
				return (present.users == 0) ? null : present;
			});
		};
	}

	int size() {
		return this.entries.size();
	}

	/** A lock that is held. */
	public interface Held extends AutoCloseable {

		@Override
		void close();

	}

	private static final class Entry {

		private final ReentrantLock lock = new ReentrantLock();

		private int users;

	}

}
