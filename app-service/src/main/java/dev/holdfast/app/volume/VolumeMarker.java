package dev.holdfast.app.volume;

import java.time.Instant;

/**
 * What the marker file of a volume says. A directory with the right marker is the volume;
 * an empty mount point or another volume's directory is not.
 *
 * @param volume the volume's name
 * @param id drawn when the volume was first used, so that a second directory of the same
 * name is told apart
 * @param created when that was
 */
record VolumeMarker(String volume, String id, Instant created) {

}
