package dev.holdfast.app.guard;

import java.io.IOException;

import dev.holdfast.app.volume.Volume;
import dev.holdfast.model.MediaId;

/**
 * Looks again at a file whose overwrite was approved, and records what it has.
 */
@FunctionalInterface
public interface Recheck {

	/**
	 * Looks again. The guard admits the overwrite when it is asked.
	 * @return whether that is done; false where it is to be tried again
	 * @throws IOException where the file cannot be read now
	 */
	boolean again(Volume volume, MediaId id) throws IOException;

}
