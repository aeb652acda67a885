package dev.holdfast.app.scan;

import java.util.concurrent.CompletableFuture;

import dev.holdfast.model.VolumeName;

/**
 * Has volumes scanned, one scan at a time for each. Requests that wait are merged: one
 * for a directory into one for a directory above it.
 */
public interface Scans {

	/**
	 * Asks for a scan. It waits until the catalog knows what the topics say, and for the
	 * scan of the volume that is under way; the scan of a directory does not wait while
	 * that one only reads files.
	 * @param subtree a directory relative to the volume's root, empty for all of it; no
	 * more than it is walked
	 * @return the report of the scan that covers it; completes exceptionally with a
	 * {@link dev.holdfast.app.volume.VolumeNotAvailableException} where the volume is not
	 * available, with what else was met where it ended early, or with a
	 * {@link java.util.concurrent.CancellationException} where app-service stops first
	 * @throws IllegalArgumentException where there is no such volume, or the path is not
	 * one of a directory on it
	 */
	CompletableFuture<ScanReport> request(VolumeName volume, String subtree, ScanCause cause);

}
