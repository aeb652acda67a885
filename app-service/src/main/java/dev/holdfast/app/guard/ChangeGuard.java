package dev.holdfast.app.guard;

import java.io.IOException;
import java.time.Clock;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

import dev.holdfast.app.catalog.Catalog;
import dev.holdfast.app.catalog.CatalogEntry;
import dev.holdfast.app.catalog.FileStamp;
import dev.holdfast.app.catalog.FileStatus;
import dev.holdfast.app.catalog.ListFilter;
import dev.holdfast.app.catalog.Page;
import dev.holdfast.app.volume.FileLocks;
import dev.holdfast.app.volume.Volume;
import dev.holdfast.model.Digest;
import dev.holdfast.model.Evidence;
import dev.holdfast.model.MediaDeleted;
import dev.holdfast.model.MediaId;
import dev.holdfast.model.MediaStored;
import dev.holdfast.model.VolumeName;

/**
 * Decides what becomes of deletes and overwrites that others do on a volume. A delete is
 * recorded only where it was observed, on a volume that is what it should be before and
 * after the look at it. Where others delete or overwrite more than the limits allow, it
 * all waits until a person has approved or rejected it. Safe for use by many threads.
 */
public final class ChangeGuard implements AutoCloseable {

	private static final int PAGE = 500;

	private final Catalog catalog;

	private final FileLocks locks;

	private final GuardSettings settings;

	private final Clock clock;

	private final DeleteCheck check;

	private final DelayedDeletes delayed;

	private final Map<VolumeName, VolumeGuard> volumes = new ConcurrentHashMap<>();

	private final Map<Observed, LongAdder> observed = new EnumMap<>(Observed.class);

	/**
	 * A guard over what this catalog knows.
	 */
	public ChangeGuard(Catalog catalog, FileLocks locks, GuardSettings settings, Clock clock) {
		this.catalog = catalog;
		this.locks = locks;
		this.settings = settings;
		this.clock = clock;
		this.check = new DeleteCheck(catalog);
		this.delayed = new DelayedDeletes(settings.deleteDelay(), this::decideDelayed,
				() -> counted(Observed.NOT_AVAILABLE));
		for (Observed kind : Observed.values()) {
			this.observed.put(kind, new LongAdder());
		}
	}

	/**
	 * Whether other bytes of a known file may be recorded. To be asked with the file
	 * locked, right before they are: an admitted change counts as made. An overwrite that
	 * is not admitted is remembered; when it is approved the file is checked again.
	 * @param known what is known of the file
	 * @param now what the file system says of it
	 * @param found the digest of its bytes
	 */
	public Admission admitOverwrite(MediaId id, CatalogEntry known, FileStamp now, Digest found) {
		return of(id.volume()).admitOverwrite(id, now, found);
	}

	/**
	 * A delete of this file was seen. It is recorded where it holds: the volume is
	 * available, the file is known, and there is nothing of its name; now, and still a
	 * moment later.
	 * @param seenIn the {@linkplain Volume#generation() generation} of the volume that it
	 * was seen in: where the volume has been away since, it proves nothing
	 * @return what became of it, or {@link Observed#DELAYED}
	 * @throws IOException where the volume does not let itself be looked at: nothing was
	 * recorded
	 */
	public Observed deleteObserved(Volume volume, MediaId id, long seenIn) throws IOException {
		if (!this.settings.deleteDelay().isZero()) {
			try (FileLocks.Held _ = this.locks.lock(id)) {
				Optional<Observed> against = this.check.against(volume, id, seenIn);
				if (against.isPresent()) {
					return counted(against.get());
				}
			}
			VolumeGuard guard = of(id.volume());
			if (!guard.isRejected(id) && !guard.countDelete(id)) {
				this.delayed.add(volume, id, seenIn);
				return Observed.DELAYED;
			}
		}
		return counted(decide(volume, id, seenIn, () -> of(id.volume()).admitDelete(id)));
	}

	/**
	 * A file was seen to be renamed within the volume. Where the new name is recorded
	 * with the bytes of the old one, the old one's delete loses nothing, and so it counts
	 * towards no limit; otherwise this is {@link #deleteObserved}.
	 * @param to the new name, which has been checked and recorded before
	 * @param seenIn the generation of the volume that it was seen in
	 * @throws IOException where the volume does not let itself be looked at: nothing was
	 * recorded
	 */
	public Observed moved(Volume volume, MediaId from, MediaId to, long seenIn) throws IOException {
		Optional<Digest> there = digest(to);
		boolean kept = there.isPresent() && there.equals(digest(from));
		return kept ? counted(decide(volume, from, seenIn, () -> Admission.ADMITTED))
				: deleteObserved(volume, from, seenIn);
	}

	/**
	 * A directory was seen to go, by being deleted or moved off the volume: what was
	 * below it is deleted, as far as that holds for each file. A file that was missing
	 * before went at a time when nobody saw it, and stays missing.
	 * @param directory relative to the volume's root
	 * @param seenIn the generation of the volume that it was seen in
	 * @throws IOException where the volume does not let itself be looked at
	 */
	public void directoryGone(Volume volume, String directory, long seenIn) throws IOException {
		MediaId after = null;
		do {
			Page page = this.catalog
				.list(new ListFilter(volume.name(), directory + "/", ListFilter.Selection.KNOWN, after, PAGE));
			for (FileStatus file : page.files()) {
				boolean wasThere = file.entry().missing() == null;
				if (wasThere && deleteObserved(volume, file.entry().event().id(), seenIn) == Observed.NOT_AVAILABLE) {
					return;
				}
			}
			after = page.next();
		}
		while (after != null);
	}

	/**
	 * How many deletes that were seen became this, delayed ones once they are decided.
	 * Their sum over all kinds is the number of deletes seen since the start, but for
	 * those that are still delayed.
	 */
	public long count(Observed kind) {
		return counter(kind).sum();
	}

	/** The guard of one volume. */
	VolumeGuard of(VolumeName volume) {
		return this.volumes.computeIfAbsent(volume, (name) -> new VolumeGuard(name, this.catalog.holds(),
				this.settings.windowOf(name), this.settings.of(name), this.clock));
	}

	private interface Question {

		Admission ask();

	}

	/**
	 * Decides what has been delayed without waiting any longer.
	 */
	@Override
	public void close() {
		this.delayed.close();
	}

	private void decideDelayed(DelayedDeletes.Delete delete) throws IOException {
		MediaId id = delete.id();
		counted(decide(delete.volume(), id, delete.generation(), () -> of(id.volume()).admitDelete(id)));
	}

	private Observed counted(Observed became) {
		counter(became).increment();
		return became;
	}

	private Observed decide(Volume volume, MediaId id, long seenIn, Question limits) throws IOException {
		try (FileLocks.Held _ = this.locks.lock(id)) {
			Optional<Observed> against = this.check.against(volume, id, seenIn);
			if (against.isPresent()) {
				return against.get();
			}
			if (of(id.volume()).isRejected(id)) {
				this.catalog.holds().rejections().gone(id, this.clock.instant());
				return Observed.MISSING;
			}
			if (limits.ask() == Admission.HELD) {
				return Observed.HELD;
			}
			this.catalog.recordDeleted(id, (version) -> new MediaDeleted(id, version, Evidence.OBSERVED));
			return Observed.RECORDED;
		}
	}

	private Optional<Digest> digest(MediaId id) {
		return this.catalog.find(id)
			.map(CatalogEntry::event)
			.filter(MediaStored.class::isInstance)
			.map((event) -> ((MediaStored) event).digest());
	}

	private LongAdder counter(Observed kind) {
		LongAdder counter = this.observed.get(kind);
		if (counter == null) {
			throw new IllegalStateException("No counter of " + kind);
		}
		return counter;
	}

}
