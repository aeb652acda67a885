package dev.holdfast.app.scan;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;

import dev.holdfast.app.catalog.Catalog;
import dev.holdfast.app.volume.Volume;
import dev.holdfast.model.MediaId;
import dev.holdfast.model.VolumeName;
import org.jspecify.annotations.Nullable;

/**
 * Scans the volumes: each once after the start, as soon as the catalog knows what the
 * topics say (before that, a file whose event is still to be read would be published
 * again), then periodically, and when somebody asks for it. A volume that is not
 * available is scanned when it comes.
 */
public final class ScanRunner implements Scans, AutoCloseable {

	private final Catalog catalog;

	private final SortedMap<VolumeName, VolumeScans> volumes = new TreeMap<>();

	private final AtomicLong ids = new AtomicLong();

	private final CountDownLatch stop = new CountDownLatch(1);

	/**
	 * Scans that do not begin before {@link #start()}.
	 * @param ready whether the catalog knows what the topics say; {@link #wake()} is to
	 * be called when that changes
	 */
	public ScanRunner(Catalog catalog, Collection<Volume> volumes, FileCheck check, ScanSettings settings,
			BooleanSupplier ready) {
		this(catalog, volumes, check, settings, ready, StartGate.OPEN, UnclosedFiles.NONE);
	}

	/**
	 * Scans that do not begin before {@link #start()}, and none of a volume before the
	 * gate lets it.
	 * @param unclosed knows which files are left to their writers
	 */
	ScanRunner(Catalog catalog, Collection<Volume> volumes, FileCheck check, ScanSettings settings,
			BooleanSupplier ready, StartGate gate, UnclosedFiles unclosed) {
		this.catalog = catalog;
		Pace pace = new Pace(settings.share(), settings.maxFilesPerSecond(), settings.maxBytesPerSecond().toBytes(),
				this.stop);
		BiFunction<ScanJob, Volume, VolumeScan> maker = (job, volume) -> new VolumeScan(
				new VolumeScan.Plan(job.id(), volume, volume.rules(), job.subtree(), job.checksum()), catalog, check,
				unclosed, pace, settings.readers(), this.stop);
		for (Volume volume : volumes) {
			this.volumes.put(volume.name(),
					new VolumeScans(volume, settings, () -> ready.getAsBoolean() && gate.isOpen(volume.name()),
							this.ids::incrementAndGet, maker, this.stop));
		}
		gate.onOpen(this::wake);
	}

	/** How far the scan of a whole volume has come. */
	public enum State {

		/** There was none, and none is made by itself at the start. */
		SWITCHED_OFF,

		/** For the topics to be read, or for the volume. */
		WAITING,

		/** Going on. */
		RUNNING,

		/** Over; another will come. */
		DONE

	}

	/**
	 * Begins.
	 */
	public void start() {
		this.catalog.scanRecords().forgetAll();
		this.volumes.values().forEach(VolumeScans::start);
	}

	/**
	 * Says that the catalog may be ready now.
	 */
	public void wake() {
		this.volumes.values().forEach(VolumeScans::wake);
	}

	@Override
	public CompletableFuture<ScanReport> request(VolumeName volume, String subtree, ScanCause cause) {
		return job(volume, subtree, cause, false).future().copy();
	}

	/**
	 * Asks for a scan, and tells which one covers it.
	 * @param checksum whether every file is read
	 */
	ScanView ask(VolumeName volume, String subtree, boolean checksum) {
		return job(volume, subtree, ScanCause.REQUEST, checksum).view();
	}

	private ScanJob job(VolumeName name, String subtree, ScanCause cause, boolean checksum) {
		VolumeScans scans = this.volumes.get(name);
		if (scans == null) {
			throw new IllegalArgumentException("There is no volume '" + name + "'");
		}
		if (!subtree.isEmpty()) {
			new MediaId(name, subtree);
		}
		return scans.request(subtree, cause, checksum);
	}

	/**
	 * The volumes' names.
	 */
	List<VolumeName> names() {
		return List.copyOf(this.volumes.keySet());
	}

	/**
	 * The scans that wait, run, and were the last, the latest first.
	 */
	List<ScanView> views() {
		List<ScanView> views = new ArrayList<>();
		this.volumes.values().forEach((scans) -> views.addAll(scans.views()));
		views.sort(Comparator.comparingLong(ScanView::id).reversed());
		return views;
	}

	/**
	 * One of those.
	 */
	Optional<ScanView> view(long id) {
		return this.volumes.values().stream().flatMap((scans) -> scans.view(id).stream()).findFirst();
	}

	/**
	 * How far the scan of the whole volume has come.
	 */
	public State state(VolumeName volume) {
		VolumeScans scans = this.volumes.get(volume);
		return (scans == null) ? State.SWITCHED_OFF : scans.state();
	}

	/**
	 * The scan of the whole volume that is under way or was the last, {@code null} where
	 * there was none.
	 */
	public @Nullable ScanView whole(VolumeName volume) {
		VolumeScans scans = this.volumes.get(volume);
		return (scans == null) ? null : scans.whole();
	}

	/**
	 * How many names on the volume became this in that scan. Over all kinds but
	 * {@link Scanned#MISSING} the sum is {@link #seen} once the scan is over.
	 */
	public long count(VolumeName volume, Scanned kind) {
		VolumeScans scans = this.volumes.get(volume);
		return (scans == null) ? 0 : scans.found().of(kind);
	}

	/**
	 * How many names on the volume that scan has come to.
	 */
	public long seen(VolumeName volume) {
		VolumeScans scans = this.volumes.get(volume);
		return (scans == null) ? 0 : scans.found().seenSoFar();
	}

	/**
	 * Ends the scans between two files.
	 */
	@Override
	public void close() {
		this.stop.countDown();
		for (Map.Entry<VolumeName, VolumeScans> scans : this.volumes.entrySet()) {
			scans.getValue().close();
		}
	}

}
