package dev.holdfast.app.volume;

import dev.holdfast.model.VolumeName;

/**
 * Says what is special about each volume.
 */
@FunctionalInterface
public interface TraitsOfVolumes {

	/**
	 * What is special about this one.
	 */
	VolumeTraits of(VolumeName volume);

}
