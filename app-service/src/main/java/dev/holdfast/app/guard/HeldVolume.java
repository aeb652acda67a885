package dev.holdfast.app.guard;

import java.util.List;

import dev.holdfast.app.catalog.HeldNow;
import dev.holdfast.app.catalog.Hold;
import dev.holdfast.model.VolumeName;
import org.jspecify.annotations.Nullable;

/**
 * What waits of a volume.
 *
 * @param volume the volume
 * @param hold why it waits; {@code null} where only approved or rejected changes are left
 * @param now how many changes, and as of when
 * @param deleted some of the paths whose deletes wait
 * @param overwritten some of the paths whose overwrites wait
 */
public record HeldVolume(VolumeName volume, @Nullable Hold hold, HeldNow now, List<String> deleted,
		List<String> overwritten) {

}
