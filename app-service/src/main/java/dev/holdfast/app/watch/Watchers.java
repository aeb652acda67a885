package dev.holdfast.app.watch;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

import dev.holdfast.app.scan.Scanned;
import dev.holdfast.model.VolumeName;
import dev.holdfast.model.WatchGap;
import org.jspecify.annotations.Nullable;

/**
 * The watchers of all volumes.
 */
public final class Watchers implements AutoCloseable {

	private static final WatchStatus OFF = new WatchStatus("off", null, 0, 0, false, 0, 0, 0, List.of(),
			"holdfast.watch.mode is off");

	private final Map<VolumeName, VolumeWatcher> watchers;

	Watchers(Map<VolumeName, VolumeWatcher> watchers) {
		this.watchers = new TreeMap<>(watchers);
	}

	void start() {
		this.watchers.values().forEach(VolumeWatcher::start);
	}

	/**
	 * How a volume is watched.
	 */
	public WatchStatus status(VolumeName volume) {
		VolumeWatcher watcher = this.watchers.get(volume);
		return (watcher == null) ? OFF : watcher.status();
	}

	/**
	 * Completes when the volume is watched, by whatever means, or is not going to be.
	 */
	public CompletableFuture<Boolean> begun(VolumeName volume) {
		VolumeWatcher watcher = this.watchers.get(volume);
		return (watcher == null) ? CompletableFuture.completedFuture(false) : watcher.begun();
	}

	/**
	 * The volumes that are watched.
	 */
	public Collection<VolumeName> volumes() {
		return List.copyOf(this.watchers.keySet());
	}

	/**
	 * How many events of the kernel were read.
	 */
	public long events(VolumeName volume) {
		WatchCounts counts = counts(volume);
		return (counts == null) ? 0 : counts.events.sum();
	}

	/**
	 * How often the kernel dropped events.
	 */
	public long overflows(VolumeName volume) {
		WatchCounts counts = counts(volume);
		return (counts == null) ? 0 : counts.overflows.sum();
	}

	/**
	 * How many files that had settled became this.
	 */
	public long settled(VolumeName volume, Scanned kind) {
		WatchCounts counts = counts(volume);
		return (counts == null) ? 0 : counts.settledAs(kind);
	}

	/**
	 * How many gaps were recorded for this reason.
	 */
	public long gaps(VolumeName volume, WatchGap.Reason reason) {
		WatchCounts counts = counts(volume);
		return (counts == null) ? 0 : counts.gaps(reason);
	}

	private @Nullable WatchCounts counts(VolumeName volume) {
		VolumeWatcher watcher = this.watchers.get(volume);
		return (watcher == null) ? null : watcher.counts();
	}

	@Override
	public void close() {
		this.watchers.values().forEach(VolumeWatcher::close);
	}

}
