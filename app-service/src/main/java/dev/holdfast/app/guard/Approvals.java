package dev.holdfast.app.guard;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

import dev.holdfast.app.catalog.Catalog;
import dev.holdfast.app.catalog.CatalogException;
import dev.holdfast.app.catalog.ChangeKind;
import dev.holdfast.app.catalog.HeldFile;
import dev.holdfast.app.catalog.Holds;
import dev.holdfast.app.volume.FileLocks;
import dev.holdfast.app.volume.Volume;
import dev.holdfast.app.volume.VolumeState;
import dev.holdfast.model.Evidence;
import dev.holdfast.model.MediaDeleted;
import dev.holdfast.model.MediaId;
import dev.holdfast.model.VolumeName;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records what was approved: deletes of files that are still not there, and overwrites as
 * the files are by then. What cannot be recorded now, because the volume is away or the
 * file is being written, is tried again; and after a restart it goes on where it was.
 */
public final class Approvals implements AutoCloseable {

	private static final Logger LOG = LoggerFactory.getLogger(Approvals.class);

	private static final Duration AGAIN = Duration.ofSeconds(5);

	private static final Duration STOPPING = Duration.ofSeconds(10);

	private static final int PAGE = 500;

	/** Enough for the records of several files to share an fsync. */
	private static final int AT_ONCE = 8;

	private final Catalog catalog;

	private final Holds holds;

	private final List<Volume> volumes;

	private final FileLocks locks;

	private final Recheck recheck;

	private final Look look;

	private final DeleteCheck check;

	private final Semaphore signals = new Semaphore(1);

	private final Semaphore slots = new Semaphore(AT_ONCE);

	private final Thread thread;

	/** Why what was approved on a volume could not be gone through. */
	private final Map<VolumeName, String> troubles = new HashMap<>();

	/** Why single changes could not be recorded. */
	private final Map<VolumeName, Hindrances> hindrances = new HashMap<>();

	private volatile boolean closed;

	/**
	 * Does nothing before {@link #start()}.
	 */
	public Approvals(Catalog catalog, List<Volume> volumes, FileLocks locks, Recheck recheck) {
		this(catalog, volumes, locks, recheck, Volume::state);
	}

	Approvals(Catalog catalog, List<Volume> volumes, FileLocks locks, Recheck recheck, Look look) {
		this.catalog = catalog;
		this.holds = catalog.holds();
		this.volumes = List.copyOf(volumes);
		this.locks = locks;
		this.recheck = recheck;
		this.look = look;
		this.check = new DeleteCheck(catalog);
		this.thread = Thread.ofPlatform().name("approvals").daemon().unstarted(this::run);
	}

	/** Looks whether a volume can be used. */
	@FunctionalInterface
	interface Look {

		VolumeState stateOf(Volume volume);

	}

	/**
	 * Begins with what was approved before.
	 */
	public void start() {
		this.thread.start();
	}

	/**
	 * Says that something was approved.
	 */
	public void wake() {
		this.signals.release();
	}

	private void run() {
		boolean left = false;
		try {
			while (!this.closed) {
				if (!left) {
					this.signals.acquire();
				}
				else if (this.signals.tryAcquire(AGAIN.toMillis(), TimeUnit.MILLISECONDS)) {
					LOG.debug("More was approved");
				}
				this.signals.drainPermits();
				left = work();
			}
		}
		catch (InterruptedException ex) {
			LOG.debug("Approvals stopped");
		}
	}

	/**
	 * Goes once through what is approved.
	 * @return whether something is left
	 */
	private boolean work() throws InterruptedException {
		boolean left = false;
		for (Volume volume : this.volumes) {
			try {
				Hindrances met = this.hindrances.computeIfAbsent(volume.name(), Hindrances::new);
				if (this.holds.counts(volume.name()).approved() == 0) {
					met.tried();
					continue;
				}
				if (this.look.stateOf(volume) instanceof VolumeState.Available) {
					for (ChangeKind kind : ChangeKind.values()) {
						work(volume, kind, met);
					}
					if (!this.closed) {
						met.tried();
					}
				}
				left |= this.holds.counts(volume.name()).approved() > 0;
				if (this.troubles.remove(volume.name()) != null) {
					LOG.atInfo().addKeyValue("volume", volume.name()).log("What was approved is recorded again");
				}
			}
			catch (RuntimeException ex) {
				// Nobody would start this thread again, and a volume that makes trouble
				// must not hold up the others.
				trouble(volume, ex);
				left = true;
			}
		}
		return left;
	}

	/**
	 * Tells each trouble once: it is met again every few seconds.
	 */
	private void trouble(Volume volume, RuntimeException met) {
		String reason = (met instanceof CatalogException) ? String.valueOf(met.getMessage()) : met.toString();
		if (!reason.equals(this.troubles.put(volume.name(), reason))) {
			LOG.atWarn()
				.setCause((met instanceof CatalogException) ? null : met)
				.addKeyValue("volume", volume.name())
				.addKeyValue("reason", reason)
				.log("What was approved is recorded later");
		}
	}

	private void work(Volume volume, ChangeKind kind, Hindrances met) throws InterruptedException {
		HeldFile last = null;
		List<HeldFile> page;
		do {
			page = this.holds.list(volume.name(), HeldFile.State.APPROVED, kind, last, PAGE);
			try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
				for (HeldFile held : page) {
					if (this.closed) {
						return;
					}
					this.slots.acquire();
					threads.execute(() -> carryOut(volume, held, met));
				}
			}
			last = page.isEmpty() ? null : page.getLast();
		}
		while (last != null && page.size() == PAGE);
	}

	private void carryOut(Volume volume, HeldFile held, Hindrances met) {
		try {
			boolean done = switch (held.kind()) {
				case DELETE -> delete(volume, held.id());
				case OVERWRITE -> this.recheck.again(volume, held.id());
			};
			if (done) {
				// Recording has done it already, where there was something to record.
				this.holds.dropApproved(held.id());
			}
		}
		catch (IOException | CatalogException ex) {
			met.met(held.id(), ex);
		}
		finally {
			this.slots.release();
		}
	}

	private boolean delete(Volume volume, MediaId id) throws IOException {
		try (FileLocks.Held _ = this.locks.lock(id)) {
			Optional<Observed> against = this.check.against(volume, id);
			if (against.isPresent()) {
				// A file that is there again was not deleted, whoever approved it.
				return against.get() != Observed.NOT_AVAILABLE;
			}
			this.catalog.recordDeleted(id, (version) -> new MediaDeleted(id, version, Evidence.APPROVED));
			return true;
		}
	}

	/**
	 * Ends between two files.
	 */
	@Override
	public void close() {
		this.closed = true;
		this.thread.interrupt();
		try {
			this.thread.join(STOPPING);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
