package dev.holdfast.app.scan;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

import dev.holdfast.app.catalog.Catalog;
import dev.holdfast.app.catalog.CatalogException;
import dev.holdfast.app.volume.Volume;
import dev.holdfast.app.volume.VolumeNotAvailableException;
import dev.holdfast.model.VolumeName;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Scans every volume once after the start, as soon as the catalog knows what the topics
 * say: before that, a file whose event is still to be read would be published again. A
 * volume that is not available is scanned when it comes.
 */
public final class StartupScan implements AutoCloseable {

	private static final Logger LOG = LoggerFactory.getLogger(StartupScan.class);

	private static final Duration AGAIN = Duration.ofSeconds(10);

	private static final Duration STOPPING = Duration.ofSeconds(10);

	private final Catalog catalog;

	private final List<Volume> volumes;

	private final FileCheck check;

	private final ScanSettings settings;

	private final BooleanSupplier ready;

	private final Map<VolumeName, ScanCounts> counts = new ConcurrentHashMap<>();

	private final Map<VolumeName, State> states = new ConcurrentHashMap<>();

	private final Semaphore signals = new Semaphore(0);

	private final CountDownLatch stop = new CountDownLatch(1);

	private final Thread thread;

	/**
	 * A scan that does nothing before {@link #start()}.
	 * @param ready whether the catalog knows what the topics say; {@link #wake()} is to
	 * be called when that changes
	 */
	public StartupScan(Catalog catalog, List<Volume> volumes, FileCheck check, ScanSettings settings,
			BooleanSupplier ready) {
		this.catalog = catalog;
		this.volumes = List.copyOf(volumes);
		this.check = check;
		this.settings = settings;
		this.ready = ready;
		this.volumes.forEach(
				(volume) -> this.states.put(volume.name(), settings.onStart() ? State.WAITING : State.SWITCHED_OFF));
		this.thread = Thread.ofPlatform().name("startup-scan").daemon().unstarted(this::run);
	}

	/** How far the scan of a volume has come. */
	public enum State {

		/** {@code holdfast.scan.on-start} is false. */
		SWITCHED_OFF,

		/** For the topics to be read, or for the volume. */
		WAITING,

		/** Going on. */
		RUNNING,

		/** Over. */
		DONE

	}

	/**
	 * Begins, unless it is switched off.
	 */
	public void start() {
		if (this.settings.onStart()) {
			this.thread.start();
		}
	}

	/**
	 * Says that the catalog may be ready now.
	 */
	public void wake() {
		this.signals.release();
	}

	/**
	 * How far the scan of a volume has come.
	 */
	public State state(VolumeName volume) {
		return this.states.getOrDefault(volume, State.SWITCHED_OFF);
	}

	/**
	 * How many names on the volume became this. Over all kinds but
	 * {@link Scanned#MISSING} the sum is {@link #seen} once the scan is over.
	 */
	public long count(VolumeName volume, Scanned kind) {
		ScanCounts found = this.counts.get(volume);
		return (found == null) ? 0 : found.of(kind);
	}

	/**
	 * How many names on the volume the scan has come to.
	 */
	public long seen(VolumeName volume) {
		ScanCounts found = this.counts.get(volume);
		return (found == null) ? 0 : found.seenSoFar();
	}

	private void run() {
		try {
			while (!this.ready.getAsBoolean()) {
				this.signals.acquire();
			}
			List<Volume> rest = new ArrayList<>(this.volumes);
			while (!rest.isEmpty()) {
				rest.removeIf(this::scanned);
				if (!rest.isEmpty() && this.stop.await(AGAIN.toMillis(), TimeUnit.MILLISECONDS)) {
					return;
				}
			}
		}
		catch (InterruptedException ex) {
			LOG.debug("Scan stopped");
		}
	}

	private boolean scanned(Volume volume) {
		if (this.stop.getCount() == 0) {
			return false;
		}
		ScanCounts found = new ScanCounts();
		long begun = System.nanoTime();
		try {
			volume.requireAvailable();
			this.counts.put(volume.name(), found);
			this.states.put(volume.name(), State.RUNNING);
			new VolumeScan(volume, this.catalog, this.check, found, this.stop).run();
		}
		catch (VolumeNotAvailableException ex) {
			LOG.debug("Not scanned: {}", ex.getMessage());
			this.states.put(volume.name(), State.WAITING);
			return false;
		}
		catch (IOException | CatalogException ex) {
			LOG.atWarn()
				.addKeyValue("volume", volume.name())
				.addKeyValue("reason", ex.toString())
				.log("Scan ended early and will be begun again");
			this.states.put(volume.name(), State.WAITING);
			return false;
		}
		catch (InterruptedException ex) {
			return false;
		}
		this.states.put(volume.name(), State.DONE);
		LOG.atInfo()
			.addKeyValue("volume", volume.name())
			.addKeyValue("seen", found.seenSoFar())
			.addKeyValue("published", found.of(Scanned.PUBLISHED))
			.addKeyValue("missing", found.of(Scanned.MISSING))
			.addKeyValue("refused", found.of(Scanned.REFUSED_NAME))
			.addKeyValue("unreadable", found.of(Scanned.UNREADABLE))
			.addKeyValue("seconds", TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begun))
			.log("Volume scanned");
		return true;
	}

	/**
	 * Ends the scan between two files.
	 */
	@Override
	public void close() {
		this.stop.countDown();
		this.signals.release();
		this.thread.interrupt();
		try {
			this.thread.join(STOPPING);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
