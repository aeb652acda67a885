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
	 * @return whether it was there still; where not, nothing is known of its files, and
	 * so the former names have not gone
	 */
	boolean came(WatchedDirectory parent, String name, @Nullable String former) {
		Arrival arrival = new Arrival(parent.pathOf(name), former);
		long refusals = this.names.refusals();
		boolean found = this.placement.place(parent, name, former, arrival);
		List<String> lost = this.placement.takeLost();
		lost.forEach(this.sightings::lost);
		if (!lost.isEmpty() || this.names.refusals() != refusals) {
			arrival.renamed.missOne();
		}
		arrival.fresh.end();
		arrival.renamed.end();
		return found;
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
		 * Files that have other names now: each is recorded before the old ones go. Where
		 * not all of them are known, what is left of the old names is not known to have
		 * gone either, and is missing.
		 */
		private final FoundFiles renamed;

		private Arrival(String path, @Nullable String former) {
			Instant since = Arrivals.this.sightings.whole();
			if (former != null) {
				this.formerDirectories.add(former);
			}
			this.fresh = new FoundFiles(false, (all) -> {
				if (all.changed() > 0) {
					Arrivals.this.gaps.found(path, since, all.scanned(), all.changed());
				}
			});
			this.renamed = new FoundFiles(true, (all) -> {
				if (all.isWhole()) {
					this.formerDirectories.forEach((directory) -> Arrivals.this.sightings.gone(directory, true));
				}
			});
		}

		@Override
		public void file(String path, long inode, @Nullable String former) {
			// Also where the directory had another name: the file may not have been in it
			// then.
			Arrivals.this.newNames.found(inode, path);
			FoundFiles findings = (former == null) ? this.fresh : this.renamed;
			if (!Arrivals.this.sightings.found(path, findings, former)) {
				findings.missOne();
			}
		}

		@Override
		public void missed() {
			this.renamed.missOne();
		}

		@Override
		public void moved(String former) {
			this.formerDirectories.add(former);
		}

	}

}
