package dev.holdfast.app.watch;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Optional;

import dev.holdfast.app.catalog.Catalog;
import dev.holdfast.app.catalog.CatalogEntry;
import dev.holdfast.app.catalog.FileStamp;
import dev.holdfast.app.volume.FileStat;
import dev.holdfast.app.volume.Volume;
import dev.holdfast.model.MediaId;

/**
 * The files that were found in directories which appeared, or came from somewhere. One
 * that was moved into a directory before that was watched has no event that tells of both
 * names, but it is the same inode. Safe for use by many threads.
 */
final class NewNames {

	/** Only those count that were found in the moment before the old name goes. */
	private static final int MOST = 30_000;

	/** So many are known for certain, also when they are asked for a little later. */
	private static final int SURE = 20_000;

	private final Catalog catalog;

	private final Volume volume;

	private final LinkedHashMap<Long, String> byInode = new LinkedHashMap<>();

	private int found;

	NewNames(Catalog catalog, Volume volume) {
		this.catalog = catalog;
		this.volume = volume;
	}

	/**
	 * A file was found.
	 */
	synchronized void found(long inode, String path) {
		this.found++;
		this.byInode.putLast(inode, path);
		if (this.byInode.size() > MOST) {
			this.byInode.pollFirstEntry();
		}
	}

	/**
	 * A file was moved to this name, and what it was called before is not known.
	 */
	void came(String path) {
		try {
			found(FileStat.of(this.volume.root().resolve(path)).stamp().inode(), path);
		}
		catch (IOException ex) {
			// It has gone on, and is found where it is by an event to come.
		}
	}

	/**
	 * Nobody is going to ask for those that were found until now, but for those who do
	 * already.
	 */
	synchronized void begin() {
		this.found = 0;
	}

	/**
	 * Whether so many were found that some may not be known any more.
	 */
	synchronized boolean areTooMany() {
		return this.found > SURE;
	}

	/**
	 * The path that a file which is gone was found at.
	 */
	Optional<String> of(MediaId gone) {
		return this.catalog.find(gone)
			.map(CatalogEntry::stamp)
			.flatMap((stamp) -> path(stamp.inode()).filter((path) -> !path.equals(gone.path()) && isAt(path, stamp)));
	}

	private synchronized Optional<String> path(long inode) {
		return Optional.ofNullable(this.byInode.get(inode));
	}

	/**
	 * Inodes are used again, and a rename changes the change time.
	 */
	private boolean isAt(String path, FileStamp known) {
		try {
			FileStamp there = FileStat.of(this.volume.root().resolve(path)).stamp();
			return there.inode() == known.inode() && there.size() == known.size()
					&& there.modifiedNanos() == known.modifiedNanos();
		}
		catch (IOException ex) {
			// It has gone from there, too.
			return false;
		}
	}

}
