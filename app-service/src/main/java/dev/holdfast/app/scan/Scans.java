package dev.holdfast.app.scan;

import java.util.concurrent.CompletableFuture;

import dev.holdfast.model.VolumeName;

/**
 * Has volumes scanned, one scan at a time for each. Requests that wait are merged.
 */
public interface Scans {

	/**
	 * Asks for a scan. It waits until the catalog knows what the topics say, and for the
	 * scan of the volume that is under way.
	 * @param subtree a directory relative to the volume's root, empty for all of it; no
	 * more than it is walked
	 * @return its report; completes exceptionally with a
	 * {@link dev.holdfast.app.volume.VolumeNotAvailableException} where the volume is not
	 * available, or with an {@link java.util.concurrent.CancellationException} where
	 * app-service stops first
	 * @throws IllegalArgumentException where there is no such volume
	 */
	CompletableFuture<ScanReport> request(VolumeName volume, String subtree, ScanCause cause);

}
