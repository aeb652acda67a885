package dev.holdfast.app.migrate;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.util.Optional;

import dev.holdfast.app.catalog.Catalog;
import dev.holdfast.app.catalog.CatalogEntry;
import dev.holdfast.app.media.ContentTypes;
import dev.holdfast.app.migrate.SourceFile.Stop;
import dev.holdfast.app.volume.FileLocks;
import dev.holdfast.app.volume.FileStat;
import dev.holdfast.app.volume.PathRefusedException;
import dev.holdfast.app.volume.Place;
import dev.holdfast.app.volume.StagedFile;
import dev.holdfast.app.volume.Volume;
import dev.holdfast.model.Digest;
import dev.holdfast.model.MediaId;
import dev.holdfast.model.MediaStored;
import dev.holdfast.model.Origin;

/**
 * Copies files onto a volume in the order of an upload: the bytes are on the disk under a
 * name of the staging directory, with owner, mode and time of the source; they are read
 * again and compared; then the file gets its name, unless something has it, the directory
 * is synced, and the catalog records file and event in one transaction. Killed at any
 * line and begun again, what is there already is found to be the same.
 */
final class Copying implements Work {

	private final MigrationPlan plan;

	private final SourceFolder source;

	private final Catalog catalog;

	private final FileLocks locks;

	private final TargetFile.Hash hash;

	Copying(MigrationPlan plan, SourceFolder source, Catalog catalog, FileLocks locks, TargetFile.Hash hash) {
		this.plan = plan;
		this.source = source;
		this.catalog = catalog;
		this.locks = locks;
		this.hash = hash;
	}

	@Override
	public Result file(String path) throws IOException {
		MediaId id = this.plan.idOf(path);
		if (!volume().rules().covers(id.path())) {
			return Result.of(Outcome.EXCLUDED, 0, "the profile of the volume passes it over");
		}
		try (SourceFile file = this.source.open(path)) {
			Optional<TargetFile> there = there(id);
			if (there.isPresent()) {
				return compare(id, file.size(), file.digest(), there.get());
			}
			Optional<Digest> known = recorded(id);
			if (known.isPresent()) {
				Digest digest = file.digest();
				if (!known.get().equals(digest)) {
					return Result.lost(file.size(), digest, known.get());
				}
			}
			return this.plan.mode().isDry() ? Result.copied(file.size(), true) : bring(id, file);
		}
		catch (Stop stop) {
			return stop.result();
		}
	}

	@Override
	public void directory(String path, FileStat stat) throws IOException {
		String target = this.plan.targetOf(path);
		if (!this.plan.mode().isDry() && !target.isEmpty() && volume().rules().mayCover(target)) {
			try {
				volume().makeDirectory(target, stat);
			}
			catch (PathRefusedException ex) {
				// Each file below it is told to be in the way.
				return;
			}
		}
	}

	private Volume volume() {
		return this.plan.volume();
	}

	private Optional<TargetFile> there(MediaId id) throws IOException, Stop {
		try {
			return TargetFile.read(volume(), id, this.hash);
		}
		catch (PathRefusedException ex) {
			throw new Stop(Result.of(Outcome.IN_THE_WAY, 0, String.valueOf(ex.getMessage())));
		}
	}

	private Result bring(MediaId id, SourceFile file) throws IOException, Stop {
		try (StagedFile staged = volume().stage(null)) {
			file.copyTo(staged::write);
			boolean ownerKept = staged.keep(file.stat());
			staged.finish();
			file.requireUnchanged();
			if (!staged.reread().equals(staged.digest())) {
				throw new IOException("Volume '" + volume().name() + "' gave back other bytes of '" + id
						+ "' than were written to it: check its disk");
			}
			try (FileLocks.Held _ = this.locks.lock(id)) {
				volume().requireWritable();
				Optional<Digest> known = recorded(id);
				if (known.isPresent() && !known.get().equals(staged.digest())) {
					return Result.lost(file.size(), staged.digest(), known.get());
				}
				try (Place place = volume().findOrMake(id)) {
					record(id, place.putNew(staged), staged.digest(), staged.size());
				}
			}
			catch (FileAlreadyExistsException ex) {
				// Someone else was faster, between our look and now.
				return there(id).map((there) -> compare(id, file.size(), staged.digest(), there))
					.orElseGet(() -> Result.of(Outcome.BEING_WRITTEN, file.size(),
							"came and went on the volume meanwhile: run this again"));
			}
			return Result.copied(file.size(), ownerKept);
		}
		catch (PathRefusedException ex) {
			return Result.of(Outcome.IN_THE_WAY, file.size(), String.valueOf(ex.getMessage()));
		}
	}

	private Result compare(MediaId id, long size, Digest source, TargetFile there) {
		if (!source.equals(there.digest())) {
			return Result.conflict(size, source, there.digest());
		}
		if (!this.plan.mode().isDry()) {
			recordUnknown(id, there);
		}
		return Result.of(Outcome.IDENTICAL, size);
	}

	/**
	 * A predecessor that was killed may have given the file its name and not recorded it.
	 * What the catalog knows in another way is for the scan to look at.
	 */
	private void recordUnknown(MediaId id, TargetFile there) {
		try (FileLocks.Held _ = this.locks.lock(id)) {
			if (recorded(id).isEmpty()) {
				record(id, there.stat(), there.digest(), there.stat().stamp().size());
			}
		}
	}

	/**
	 * The bytes that the catalog knows the file to have, also where the volume has lost
	 * it; empty where it is not known or was deleted.
	 */
	private Optional<Digest> recorded(MediaId id) {
		return this.catalog.find(id)
			.map(CatalogEntry::event)
			.filter(MediaStored.class::isInstance)
			.map((event) -> ((MediaStored) event).digest());
	}

	private void record(MediaId id, FileStat stat, Digest digest, long size) {
		this.catalog.recordStored(id, stat.stamp(), (version) -> new MediaStored(id, version, size, digest,
				ContentTypes.byName(id.fileName()), stat.modified(), stat.owner(), stat.mode(), Origin.MIGRATE));
	}

}
