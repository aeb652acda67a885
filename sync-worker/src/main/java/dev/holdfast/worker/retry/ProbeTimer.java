package dev.holdfast.worker.retry;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says when to ask again: soon at first, then less often.
 */
final class ProbeTimer {

	private static final Logger LOG = LoggerFactory.getLogger(ProbeTimer.class);

	private final String name;

	private final OutageProperties properties;

	private final ScheduledExecutorService timer;

	private Duration delay;

	ProbeTimer(String name, OutageProperties properties, ScheduledExecutorService timer) {
		this.name = name;
		this.properties = properties;
		this.timer = timer;
		this.delay = properties.probeInterval();
	}

	void reset() {
		this.delay = this.properties.probeInterval();
	}

	/**
	 * Runs a task after the delay, on a thread that it may block, and lets the delay
	 * grow.
	 */
	void schedule(Runnable task) {
		try {
			Future<?> _ = this.timer.schedule(() -> Thread.ofVirtual().name("gate " + this.name).start(task),
					this.delay.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (RejectedExecutionException ex) {
			LOG.debug("{} is not asked any more: the worker stops", this.name, ex);
		}
		Duration longer = this.delay.multipliedBy(3).dividedBy(2);
		this.delay = (longer.compareTo(this.properties.maxProbeInterval()) < 0) ? longer
				: this.properties.maxProbeInterval();
	}

}
