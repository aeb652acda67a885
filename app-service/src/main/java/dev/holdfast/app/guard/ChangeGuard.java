package dev.holdfast.app.guard;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.Optional;

import dev.holdfast.app.catalog.Catalog;
import dev.holdfast.app.catalog.CatalogEntry;
import dev.holdfast.app.catalog.FileStamp;
import dev.holdfast.app.catalog.FileStatus;
import dev.holdfast.app.catalog.ListFilter;
import dev.holdfast.app.catalog.Page;
import dev.holdfast.app.volume.FileLocks;
import dev.holdfast.app.volume.PathRefusedException;
import dev.holdfast.app.volume.Place;
import dev.holdfast.app.volume.Volume;
import dev.holdfast.app.volume.VolumeState;
import dev.holdfast.model.Evidence;
import dev.holdfast.model.MediaDeleted;
import dev.holdfast.model.MediaId;
import dev.holdfast.model.MediaStored;

import org.springframework.stereotype.Component;

/**
 * Decides what becomes of deletes and overwrites that others do on a volume. A delete is
 * recorded only where it was observed, on a volume that is what it should be before and
 * after the look at it. Safe for use by many threads.
 */
@Component
public final class ChangeGuard {

	private static final int PAGE = 500;

	private final Catalog catalog;

	private final FileLocks locks;

	/**
	 * A guard over what this catalog knows.
	 */
	public ChangeGuard(Catalog catalog, FileLocks locks) {
		this.catalog = catalog;
		this.locks = locks;
	}

	/**
	 * Whether other bytes of a known file may be recorded. To be asked with the file
	 * locked, right before they are: an admitted change counts as made.
	 * @param known what is known of the file
	 * @param now what the file system says of it
	 */
	public Admission admitOverwrite(MediaId id, CatalogEntry known, FileStamp now) {
		return Admission.ADMITTED;
	}

	/**
	 * A delete of this file was seen. It is recorded where it holds: the volume is
	 * available, the file is known, and there is nothing of its name.
	 * @throws IOException where the volume does not let itself be looked at: nothing was
	 * recorded
	 */
	public Observed deleteObserved(Volume volume, MediaId id) throws IOException {
		try (FileLocks.Held _ = this.locks.lock(id)) {
			if (!isAvailable(volume)) {
				return Observed.NOT_AVAILABLE;
			}
			if (!isStored(id)) {
				return Observed.UNKNOWN;
			}
			if (isThere(volume, id)) {
				return Observed.PRESENT;
			}
			// What was looked at may have been another directory by then.
			if (!isAvailable(volume)) {
				return Observed.NOT_AVAILABLE;
			}
			this.catalog.recordDeleted(id, (version) -> new MediaDeleted(id, version, Evidence.OBSERVED));
			return Observed.RECORDED;
		}
	}

	/**
	 * A directory was seen to go, by being deleted or moved off the volume: what was
	 * below it is deleted, as far as that holds for each file.
	 * @param directory relative to the volume's root
	 * @throws IOException where the volume does not let itself be looked at
	 */
	public void directoryGone(Volume volume, String directory) throws IOException {
		MediaId after = null;
		do {
			Page page = this.catalog
				.list(new ListFilter(volume.name(), directory + "/", ListFilter.Selection.KNOWN, after, PAGE));
			for (FileStatus file : page.files()) {
				if (deleteObserved(volume, file.entry().event().id()) == Observed.NOT_AVAILABLE) {
					return;
				}
			}
			after = page.next();
		}
		while (after != null);
	}

	/**
	 * A file was seen to be renamed within the volume. Where the new name is recorded
	 * with the bytes of the old one, the old one's delete loses nothing and counts
	 * towards no limit; otherwise this is {@link #deleteObserved}.
	 * @param to the new name, which has been checked and recorded before
	 */
	public Observed moved(Volume volume, MediaId from, MediaId to) throws IOException {
		return deleteObserved(volume, from);
	}

	private static boolean isAvailable(Volume volume) {
		return volume.state() instanceof VolumeState.Available;
	}

	private boolean isStored(MediaId id) {
		return this.catalog.find(id).filter((entry) -> entry.event() instanceof MediaStored).isPresent();
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
			// Something else has the name: the file is not there, but was replaced rather
			// than deleted.
			return true;
		}
	}

}
