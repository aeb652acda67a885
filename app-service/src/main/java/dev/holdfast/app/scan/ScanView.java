package dev.holdfast.app.scan;

import java.time.Instant;

import dev.holdfast.model.VolumeName;
import org.jspecify.annotations.Nullable;

/**
 * A scan at this moment.
 *
 * @param id numbers the scans since the start of app-service
 * @param volume the volume
 * @param subtree the directory, empty for the whole volume
 * @param cause why
 * @param checksum whether every file is read
 * @param from when it began, {@code null} where it waits
 * @param progress how far it has come
 * @param report what it has found, so far where it is not over
 */
public record ScanView(long id, VolumeName volume, String subtree, ScanCause cause, boolean checksum,
		@Nullable Instant from, ScanProgress progress, @Nullable ScanReport report) {

}
