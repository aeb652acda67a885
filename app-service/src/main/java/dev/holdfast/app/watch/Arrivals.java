package dev.holdfast.app.watch;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Deals with directories that have come, new or by a rename. Each is watched first and
 * listed then, always: what was written into it before the watch is in the list. Used by
 * one thread.
 */
final class Arrivals {

	private final Placement placement;

	private final MediaNames names;

	private final NewNames newNames;

	private final Sightings sightings;

	private final Gaps gaps;

	Arrivals(Placement placement, MediaNames names, NewNames newNames, Sightings sightings, Gaps gaps) {
		this.placement = placement;
		this.names = names;
		this.newNames = newNames;
		this.sightings = sightings;
		this.gaps = gaps;
	}

	/**
	 * A directory has come.
	 * @param former what its path was; {@code null} where it is new
	 */
	void came(WatchedDirectory parent, String name, @Nullable String former) {
		Arrival arrival = new Arrival(parent.pathOf(name), former);
		this.placement.place(parent, name, former, arrival);
		this.placement.takeLost().forEach(this.sightings::lost);
		arrival.fresh.end();
		arrival.renamed.end();
	}

	/** What was found in one. */
	private final class Arrival implements Finder {

		/** Directories that have another name now, or are below one. */
		private final List<String> formerDirectories = new ArrayList<>();

		/**
		 * Files of which nothing is known. That is a gap only where something had not
		 * been told already, as an upload has been that made its directory.
		 */
		private final FoundFiles fresh;

		/**
		 * Files that have other names now: each is recorded before its old one goes. Of
		 * what is not among them nothing tells where it is, so a scan says that its old
		 * name is missing.
		 */
		private final FoundFiles renamed;

		private Arrival(String path, @Nullable String former) {
			Instant since = Arrivals.this.sightings.whole();
			if (former != null) {
				moved(former);
			}
			this.fresh = new FoundFiles((all) -> {
				if (all.changed() > 0) {
					Arrivals.this.gaps.found(path, since, all.scanned(), all.changed());
				}
			});
			this.renamed = new FoundFiles(
					(_) -> this.formerDirectories.forEach((directory) -> Arrivals.this.gaps.left(directory, since)));
		}

		@Override
		public void file(String path, long inode, @Nullable String former) {
			// Also where the directory had another name: the file may not have been in it
			// then.
			Arrivals.this.newNames.found(inode, path);
			String known = (former != null && mayBeKnown(former)) ? former : null;
			Arrivals.this.sightings.found(path, (known == null) ? this.fresh : this.renamed, known);
		}

		/**
		 * Whether a file of this path can have been recorded. Below a directory whose
		 * name no media file can have, or that the rules leave out, there was none.
		 */
		private boolean mayBeKnown(String path) {
			return Arrivals.this.names.isLookedFor(path, false) && Arrivals.this.gaps.isValid(path);
		}

		@Override
		public void moved(String former) {
			this.formerDirectories.add(former);
		}

	}

}
