package dev.holdfast.app.watch;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import dev.holdfast.app.volume.FileStat;
import dev.holdfast.model.VolumeName;

/**
 * Works on the large files of a volume, beside the small ones and a few at a time. What
 * waits is bounded by what {@link Settling} takes. When this stops no more begin, and the
 * scan at the next start finds them.
 * <p>
 * The threads are the system's: a virtual one that computes a digest lets no other have
 * its turn before the end.
 */
final class LargeFiles {

	/**
	 * From here on the reading is what takes the time, a second and more on a slow disk,
	 * and not the record; other files do not wait for that.
	 */
	private static final long LARGE_BYTES = 64L * 1024 * 1024;

	/** Enough to keep a disk busy, and leaves it time for the others. */
	private static final int AT_ONCE = 2;

	private final ThreadPoolExecutor threads;

	LargeFiles(VolumeName volume) {
		this.threads = new ThreadPoolExecutor(AT_ONCE, AT_ONCE, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(),
				Thread.ofPlatform().name("watch-large-" + volume).daemon().factory(),
				new ThreadPoolExecutor.DiscardPolicy());
		this.threads.allowCoreThreadTimeOut(true);
	}

	static boolean isLarge(Path file) {
		try {
			return FileStat.of(file).stamp().size() >= LARGE_BYTES;
		}
		catch (IOException ex) {
			// Whatever is the matter with it, the check meets it too, and says so.
			return false;
		}
	}

	void execute(Runnable work) {
		this.threads.execute(work);
	}

	void stop() {
		this.threads.getQueue().clear();
		this.threads.shutdown();
	}

	/**
	 * Waits until those under way have ended.
	 */
	void awaitEnd() throws InterruptedException {
		this.threads.awaitTermination(Long.MAX_VALUE, TimeUnit.NANOSECONDS);
	}

}
