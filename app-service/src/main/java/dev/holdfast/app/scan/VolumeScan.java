package dev.holdfast.app.scan;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import dev.holdfast.app.catalog.Catalog;
import dev.holdfast.app.catalog.CatalogEntry;
import dev.holdfast.app.catalog.ScanRecords;
import dev.holdfast.app.catalog.ScanRecords.Purpose;
import dev.holdfast.app.catalog.ScanRecords.Work;
import dev.holdfast.app.volume.FileRules;
import dev.holdfast.app.volume.PathRefusedException;
import dev.holdfast.app.volume.Place;
import dev.holdfast.app.volume.Volume;
import dev.holdfast.app.volume.VolumeNotAvailableException;
import dev.holdfast.model.MediaId;
import dev.holdfast.model.MediaStored;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One scan of a volume or a directory of it: a walk that compares stat data with the
 * catalog, a second look at what the walk did not come to, and the reading of what
 * differs, the newest first. Memory does not grow with the number of files. Nothing is
 * concluded from what is absent but that it is missing, and that only where the volume is
 * the right one after the look as well as before.
 */
final class VolumeScan implements Walk.Finds {

	private static final Logger LOG = LoggerFactory.getLogger(VolumeScan.class);

	private static final int AT_ONCE = 500;

	private static final Duration TELL_EVERY = Duration.ofSeconds(30);

	private final long id;

	private final Volume volume;

	private final Plan plan;

	private final Catalog catalog;

	private final ScanRecords records;

	private final CountDownLatch stop;

	private final Findings findings = new Findings();

	private final Kept toRead;

	private final Kept absent;

	private final Reading reading;

	private final List<MediaId> back = new ArrayList<>();

	private volatile ScanProgress.Phase phase = ScanProgress.Phase.WALKING;

	private volatile long readingSince;

	private long told = System.nanoTime();

	VolumeScan(Plan plan, Catalog catalog, FileCheck check, UnclosedFiles unclosed, Pace pace, int readers,
			CountDownLatch stop) {
		this.plan = plan;
		this.id = plan.id();
		this.volume = plan.volume();
		this.catalog = catalog;
		this.records = catalog.scanRecords();
		this.stop = stop;
		this.toRead = new Kept(this.records, this.id, Purpose.READ);
		this.absent = new Kept(this.records, this.id, Purpose.ABSENT);
		this.reading = new Reading(this.volume, check, unclosed, this.findings, plan.checksum(), pace, readers, stop);
	}

	/**
	 * What to scan.
	 *
	 * @param id numbers the scan
	 * @param volume the volume
	 * @param rules which of its files are looked after
	 * @param subtree the directory, empty for the whole volume
	 * @param checksum whether every file is read
	 */
	record Plan(long id, Volume volume, FileRules rules, String subtree, boolean checksum) {

	}

	/**
	 * Scans.
	 * @param meanwhile is run between files while they are read
	 * @throws VolumeNotAvailableException where the volume is or becomes not available;
	 * what was recorded until then stays
	 * @throws IOException where the root cannot be read
	 * @throws InterruptedException where it was told to stop
	 */
	void run(Reading.Interlude meanwhile) throws IOException, InterruptedException {
		try {
			long taking = this.volume.requireTaken();
			walk();
			this.volume.requireTaken(taking);
			markMissing(taking);
			this.readingSince = System.nanoTime();
			this.phase = ScanProgress.Phase.READING;
			this.reading.run(this.toRead, () -> {
				tell();
				meanwhile.run();
			});
			this.volume.requireTaken(taking);
		}
		finally {
			this.phase = ScanProgress.Phase.DONE;
			this.records.forget(this.id);
		}
	}

	Findings findings() {
		return this.findings;
	}

	ScanProgress progress() {
		ScanProgress.Phase now = this.phase;
		long filesRead = this.reading.files();
		long bytesRead = this.reading.bytes();
		double seconds = (now == ScanProgress.Phase.WALKING) ? 0
				: (double) (System.nanoTime() - this.readingSince) / TimeUnit.SECONDS.toNanos(1);
		double files = (seconds > 0) ? filesRead / seconds : 0;
		double bytes = (seconds > 0) ? bytesRead / seconds : 0;
		return new ScanProgress(now, this.findings.seenSoFar(), this.toRead.names(), this.toRead.bytes(), filesRead,
				bytesRead, files, bytes, secondsLeft(now, files, bytes, filesRead, bytesRead));
	}

	private @Nullable Long secondsLeft(ScanProgress.Phase now, double files, double bytes, long filesRead,
			long bytesRead) {
		if (now == ScanProgress.Phase.DONE) {
			return 0L;
		}
		if (now == ScanProgress.Phase.WALKING || filesRead == 0) {
			return null;
		}
		double byFiles = (this.toRead.names() - filesRead) / files;
		double byBytes = (bytes > 0) ? (this.toRead.bytes() - bytesRead) / bytes : 0;
		return (long) Math.ceil(Math.max(0, Math.max(byFiles, byBytes)));
	}

	private void walk() throws IOException, InterruptedException {
		KnownFiles known = new KnownFiles(this.records, this.volume.name(), this.plan.subtree());
		Walk walk = new Walk(this.volume.name(), this.plan.rules(), known, this.plan.checksum(), this,
				() -> this.stop.getCount() == 0);
		try (Folder root = Folder.root(this.volume.root())) {
			walk.run(root, this.plan.subtree());
		}
		flushBack();
	}

	@Override
	public void unchanged() {
		this.findings.unchanged(1);
	}

	@Override
	public void seen(Scanned kind, String path) {
		this.findings.seen();
		if (this.findings.add(kind, path) && kind == Scanned.REFUSED_NAME) {
			LOG.atWarn()
				.addKeyValue("volume", this.volume.name())
				.addKeyValue("path", path)
				.log("Left out by the scan, as it cannot be named in UTF-8 or as an object key: rename it");
		}
	}

	@Override
	public void differs(String path, Folder.Seen seen) {
		this.findings.seen();
		this.toRead.add(new Work(-seen.stamp().modifiedNanos(), path, seen.stamp().size()));
	}

	@Override
	public void unreadable(String path, IOException met) {
		this.reading.unreadable(path, met);
		seen(Scanned.UNREADABLE, path);
	}

	@Override
	public void absent(String path) {
		this.absent.add(new Work(0, path, 0));
	}

	@Override
	public void back(String path) {
		this.back.add(new MediaId(this.volume.name(), path));
		if (this.back.size() >= AT_ONCE) {
			flushBack();
		}
	}

	private void flushBack() {
		if (!this.back.isEmpty()) {
			this.records.markFound(List.copyOf(this.back));
			this.back.clear();
		}
	}

	/**
	 * Looks once more at each name that the walk did not come to: it may have come since,
	 * or lie below a directory that cannot be read. Marks are made only where the volume
	 * is still the right one after the look.
	 */
	private void markMissing(long taking) throws IOException, InterruptedException {
		for (List<Work> some = this.absent.take(AT_ONCE); !some.isEmpty(); some = this.absent.take(AT_ONCE)) {
			if (this.stop.getCount() == 0) {
				throw new InterruptedException("Told to stop");
			}
			List<CatalogEntry> gone = new ArrayList<>();
			for (Work work : some) {
				MediaId file = new MediaId(this.volume.name(), work.path());
				this.catalog.find(file)
					.filter((entry) -> entry.event() instanceof MediaStored && isAbsent(file))
					.ifPresent(gone::add);
			}
			this.volume.requireTaken(taking);
			this.records.markMissing(gone, Clock.systemUTC().instant())
				.forEach((file) -> this.findings.add(Scanned.MISSING, file.path()));
		}
	}

	private boolean isAbsent(MediaId file) {
		try {
			Optional<Place> found = this.volume.find(file);
			if (found.isEmpty()) {
				return true;
			}
			try (Place place = found.get()) {
				return place.stat().isEmpty();
			}
		}
		catch (PathRefusedException ex) {
			// Something else has its name, or a directory's on the way to it.
			return true;
		}
		catch (IOException ex) {
			LOG.debug("{} is not called missing: {}", file, ex.getMessage());
			return false;
		}
	}

	private void tell() {
		if (System.nanoTime() - this.told < TELL_EVERY.toNanos()) {
			return;
		}
		this.told = System.nanoTime();
		ScanProgress now = progress();
		LOG.atInfo()
			.addKeyValue("volume", this.volume.name())
			.addKeyValue("files", now.filesRead() + "/" + now.filesToRead())
			.addKeyValue("bytes", now.bytesRead() + "/" + now.bytesToRead())
			.addKeyValue("filesPerSecond", Math.round(now.filesPerSecond()))
			.addKeyValue("bytesPerSecond", Math.round(now.bytesPerSecond()))
			.addKeyValue("secondsLeft", now.secondsLeft())
			.log("Scan under way");
	}

}
