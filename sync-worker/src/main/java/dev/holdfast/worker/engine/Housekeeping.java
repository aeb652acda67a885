package dev.holdfast.worker.engine;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import dev.holdfast.worker.replicate.TrashPurge;
import dev.holdfast.worker.retry.GateState;
import dev.holdfast.worker.store.ObjectStore;
import dev.holdfast.worker.store.StoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends multipart uploads that a worker left behind when it was killed: nobody sees their
 * parts, and they are paid for. Deletes what has been in the trash for long enough.
 */
final class Housekeeping {

	private static final Logger LOG = LoggerFactory.getLogger(Housekeeping.class);

	private static final Duration FIRST = Duration.ofMinutes(1);

	private static final Duration INTERVAL = Duration.ofHours(6);

	private final ObjectStore store;

	private final Optional<TrashPurge> purge;

	private final Gates gates;

	Housekeeping(ObjectStore store, Optional<TrashPurge> purge, Gates gates, ScheduledExecutorService timer) {
		this.store = store;
		this.purge = purge;
		this.gates = gates;
		Future<?> _ = timer.scheduleWithFixedDelay(() -> Thread.ofVirtual().name("housekeeping").start(this::run),
				FIRST.toSeconds(), INTERVAL.toSeconds(), TimeUnit.SECONDS);
	}

	/**
	 * Once; what fails is tried again at the next time.
	 */
	void run() {
		if (this.gates.store().state() != GateState.UP) {
			return;
		}
		try {
			int ended = this.store.abortStaleUploads(ObjectStore.STALE_UPLOAD);
			if (ended > 0) {
				LOG.atInfo().addKeyValue("uploads", ended).log("Ended multipart uploads that were left behind");
			}
			if (this.purge.isPresent()) {
				int purged = this.purge.get().run();
				if (purged > 0) {
					LOG.atInfo().addKeyValue("objects", purged).log("Deleted what was in the trash for the grace time");
				}
			}
		}
		catch (StoreException ex) {
			// They cost room and nothing else; the next round tries again.
			LOG.atInfo()
				.addKeyValue("reason", String.valueOf(ex.getMessage()))
				.log("What is left behind in the bucket stays for now");
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
