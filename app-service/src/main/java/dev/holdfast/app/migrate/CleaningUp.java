package dev.holdfast.app.migrate;

import java.io.IOException;
import java.util.Locale;
import java.util.Optional;

import dev.holdfast.app.catalog.Catalog;
import dev.holdfast.app.catalog.FileStatus;
import dev.holdfast.app.catalog.ReplicaState;
import dev.holdfast.app.migrate.SourceFile.Stop;
import dev.holdfast.app.volume.FileLocks;
import dev.holdfast.app.volume.FileStat;
import dev.holdfast.app.volume.PathRefusedException;
import dev.holdfast.model.Digest;
import dev.holdfast.model.MediaId;
import dev.holdfast.model.MediaStored;

/**
 * Removes sources whose copies are safe: source and copy are both read again and have the
 * same bytes, which are those of the latest version in the catalog, and that version is
 * replicated. A source that may be the very file of the volume stays. Nothing is taken
 * from memory, so it does not matter when or by whom the copy was made. Directories stay.
 */
final class CleaningUp implements Work {

	private final MigrationPlan plan;

	private final SourceFolder source;

	private final Catalog catalog;

	private final FileLocks locks;

	private final TargetFile.Hash hash;

	CleaningUp(MigrationPlan plan, SourceFolder source, Catalog catalog, FileLocks locks, TargetFile.Hash hash) {
		this.plan = plan;
		this.source = source;
		this.catalog = catalog;
		this.locks = locks;
		this.hash = hash;
	}

	@Override
	public Result file(String path) throws IOException {
		MediaId id = this.plan.idOf(path);
		if (!this.plan.volume().rules().covers(id.path())) {
			return Result.of(Outcome.EXCLUDED, 0, "the profile of the volume passes it over");
		}
		try (SourceFile file = this.source.open(path)) {
			this.plan.volume().requireAvailable();
			Optional<TargetFile> copy = TargetFile.read(this.plan.volume(), id, this.hash);
			if (copy.isEmpty()) {
				return Result.of(Outcome.NOT_MIGRATED, file.size(), "the volume has no such file: migrate it first");
			}
			Digest digest = file.digest();
			if (!digest.equals(copy.get().digest())) {
				return Result.conflict(file.size(), digest, copy.get().digest());
			}
			return remove(id, file, digest, copy.get());
		}
		catch (PathRefusedException ex) {
			return Result.of(Outcome.NOT_MIGRATED, 0, String.valueOf(ex.getMessage()));
		}
		catch (Stop stop) {
			return stop.result();
		}
	}

	@Override
	public void directory(String path, FileStat stat) {
		// Left for the application, which may look for it.
	}

	private Result remove(MediaId id, SourceFile file, Digest digest, TargetFile copy) throws IOException, Stop {
		try (FileLocks.Held _ = this.locks.lock(id)) {
			if (copy.mayBeSameFile(file, this.plan.volume(), id)) {
				return Result.of(Outcome.NOT_MIGRATED, file.size(),
						"the file on the volume is this very file and no copy of it (a mount of the volume, or a hard"
								+ " link), or cannot be told from it by length and times: leave it, or give the folder"
								+ " that the files were migrated from");
			}
			Optional<String> missing = missingForSafety(id, digest);
			if (missing.isPresent()) {
				return Result.of(Outcome.NOT_REPLICATED, file.size(), missing.get());
			}
			this.plan.volume().requireAvailable();
			if (!copy.isStill(this.plan.volume(), id)) {
				return Result.of(Outcome.BEING_WRITTEN, file.size(), "the copy changed meanwhile: run this again");
			}
			file.requireUnchanged();
			if (!this.plan.mode().isDry()) {
				file.delete();
			}
			return Result.of(Outcome.REMOVED, file.size());
		}
	}

	private Optional<String> missingForSafety(MediaId id, Digest digest) {
		Optional<FileStatus> status = this.catalog.status(id);
		if (status.isEmpty() || !(status.get().entry().event() instanceof MediaStored stored)) {
			return Optional.of("the catalog does not know the copy yet: wait for the scan, or migrate again");
		}
		if (!stored.digest().equals(digest)) {
			return Optional.of("the latest version in the catalog has other bytes: wait for the scan");
		}
		if (status.get().state() != ReplicaState.REPLICATED || status.get().inOutbox()) {
			return Optional.of("the copy is " + status.get().state().name().toLowerCase(Locale.ROOT).replace('_', '-')
					+ " and not replicated: wait until ./holdfast status says so");
		}
		return Optional.empty();
	}

}
