package dev.holdfast.app.watch;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

import dev.holdfast.app.volume.Volume;
import dev.holdfast.app.volume.VolumeState;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at a whole volume again and again, where the kernel does not tell.
 */
final class Polling {

	private static final Logger LOG = LoggerFactory.getLogger(Polling.class);

	/** After how many polls it is tried again whether inotify works. */
	private static final int POLLS = 5;

	private final Volume volume;

	private final Duration interval;

	private final Supplier<CompletableFuture<?>> scans;

	private final CountDownLatch stop;

	private final Clock clock;

	/**
	 * For one volume.
	 * @param scans has the whole volume scanned
	 * @param stop ends it
	 */
	Polling(Volume volume, Duration interval, Supplier<CompletableFuture<?>> scans, CountDownLatch stop, Clock clock) {
		this.volume = volume;
		this.interval = interval;
		this.scans = scans;
		this.stop = stop;
		this.clock = clock;
	}

	Duration interval() {
		return this.interval;
	}

	/**
	 * Polls some times.
	 * @param scanned whether a scan is under way already, so that the first poll can wait
	 * @param whole told, after each poll, since when nothing has been missed
	 */
	void run(boolean scanned, Consumer<Instant> whole) throws InterruptedException {
		boolean skip = scanned;
		for (int i = 0; i < POLLS && this.stop.getCount() > 0
				&& this.volume.state() instanceof VolumeState.Available; i++) {
			long begin = System.nanoTime();
			if (!skip) {
				poll(whole);
			}
			skip = false;
			// A volume that takes long to look at is not looked at all the time.
			Duration took = Duration.ofNanos(System.nanoTime() - begin).multipliedBy(4);
			Duration pause = (took.compareTo(this.interval) > 0) ? took : this.interval;
			this.stop.await(pause.toMillis(), TimeUnit.MILLISECONDS);
		}
	}

	private void poll(Consumer<Instant> whole) throws InterruptedException {
		Instant begin = this.clock.instant();
		try {
			this.scans.get().get();
			whole.accept(begin);
		}
		catch (ExecutionException ex) {
			LOG.debug("Poll of {} failed and is made again", this.volume.name(), ex);
		}
	}

}
