package dev.holdfast.app.guard;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.Optional;

import dev.holdfast.app.catalog.Catalog;
import dev.holdfast.app.volume.PathRefusedException;
import dev.holdfast.app.volume.Place;
import dev.holdfast.app.volume.Volume;
import dev.holdfast.app.volume.VolumeState;
import dev.holdfast.model.MediaId;
import dev.holdfast.model.MediaStored;

/**
 * Looks whether the delete of a file holds: the volume is what it should be, before and
 * after the look, the file is known, and there is nothing of its name. To be used with
 * the file locked.
 */
final class DeleteCheck {

	private final Catalog catalog;

	private final Look look;

	DeleteCheck(Catalog catalog) {
		this(catalog, DeleteCheck::isThere);
	}

	DeleteCheck(Catalog catalog, Look look) {
		this.catalog = catalog;
		this.look = look;
	}

	/** Tells whether there is anything of a file's name. */
	@FunctionalInterface
	interface Look {

		boolean isThere(Volume volume, MediaId id) throws IOException;

	}

	/**
	 * What speaks against a delete that a person has approved; empty where nothing does.
	 */
	Optional<Observed> against(Volume volume, MediaId id) throws IOException {
		return isAvailable(volume) ? look(volume, id, volume.generation()) : Optional.of(Observed.NOT_AVAILABLE);
	}

	/**
	 * What speaks against a delete that was seen; empty where nothing does.
	 * @param seenIn which taking of the volume it was seen in: of another it says nothing
	 */
	Optional<Observed> against(Volume volume, MediaId id, long seenIn) throws IOException {
		return (isAvailable(volume) && volume.generation() == seenIn) ? look(volume, id, seenIn)
				: Optional.of(Observed.NOT_AVAILABLE);
	}

	private Optional<Observed> look(Volume volume, MediaId id, long generation) throws IOException {
		if (this.catalog.find(id).filter((entry) -> entry.event() instanceof MediaStored).isEmpty()) {
			return Optional.of(Observed.UNKNOWN);
		}
		if (this.look.isThere(volume, id)) {
			return Optional.of(Observed.PRESENT);
		}
		// What was looked at may have been another directory by then.
		return (isAvailable(volume) && volume.generation() == generation) ? Optional.empty()
				: Optional.of(Observed.NOT_AVAILABLE);
	}

	private static boolean isAvailable(Volume volume) {
		return volume.state() instanceof VolumeState.Available;
	}

	private static boolean isThere(Volume volume, MediaId id) throws IOException {
		try {
			Optional<Place> found = volume.find(id);
			if (found.isEmpty()) {
				return false;
			}
			try (Place place = found.get()) {
				return place.stat().isPresent();
			}
		}
		catch (NoSuchFileException ex) {
			return false;
		}
		catch (PathRefusedException ex) {
			// Something else has the name or is on the way: replaced rather than deleted.
			return true;
		}
	}

}
