package dev.holdfast.app.scan;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

import dev.holdfast.app.catalog.Catalog;
import dev.holdfast.app.catalog.CatalogException;
import dev.holdfast.app.catalog.FileStatus;
import dev.holdfast.app.catalog.ListFilter;
import dev.holdfast.app.catalog.Page;
import dev.holdfast.app.volume.FileStat;
import dev.holdfast.app.volume.Volume;
import dev.holdfast.app.volume.VolumeNotAvailableException;
import dev.holdfast.model.InvalidMediaPathException;
import dev.holdfast.model.MediaId;
import dev.holdfast.model.Origin;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares one volume with the catalog. Memory does not grow with the number of files:
 * directories are streamed, and few files are in hand at a time. Symbolic links are not
 * followed, and nothing is concluded from what is absent.
 */
final class VolumeScan {

	private static final Logger LOG = LoggerFactory.getLogger(VolumeScan.class);

	/** Enough for the records of several files to share an fsync. */
	private static final int AT_ONCE = 8;

	/** Files that have to settle first; beyond these the walk waits for them. */
	private static final int MOST_UNSETTLED = 10_000;

	private static final int ATTEMPTS = 3;

	private static final int PAGE = 500;

	private final Volume volume;

	private final Catalog catalog;

	private final FileCheck check;

	private final ScanCounts counts;

	private final CountDownLatch stop;

	private final Semaphore slots = new Semaphore(AT_ONCE);

	private final BlockingQueue<MediaId> unsettled = new LinkedBlockingQueue<>(MOST_UNSETTLED);

	private volatile @Nullable CatalogException failure;

	VolumeScan(Volume volume, Catalog catalog, FileCheck check, ScanCounts counts, CountDownLatch stop) {
		this.volume = volume;
		this.catalog = catalog;
		this.check = check;
		this.counts = counts;
		this.stop = stop;
	}

	/**
	 * Scans the volume.
	 * @throws VolumeNotAvailableException where it is or becomes not available; what was
	 * recorded until then stays
	 * @throws CatalogException where the catalog does not take what was found
	 * @throws InterruptedException where it was told to stop
	 */
	void run() throws IOException, InterruptedException {
		this.volume.requireAvailable();
		try (ExecutorService readers = Executors.newVirtualThreadPerTaskExecutor()) {
			Files.walkFileTree(this.volume.root(), new Visitor(readers));
		}
		settleRest();
		CatalogException failed = this.failure;
		if (failed != null) {
			throw failed;
		}
		this.volume.requireAvailable();
		countMissing();
		this.volume.requireAvailable();
	}

	private void take(MediaId id, Path path, ExecutorService readers) throws IOException {
		FileStat stat = FileStat.of(path);
		if (!stat.isFile()) {
			this.counts.add(Scanned.NO_FILE);
			return;
		}
		if (this.check.isUnchanged(id, stat.stamp())) {
			this.counts.add(Scanned.UNCHANGED);
			return;
		}
		this.slots.acquireUninterruptibly();
		readers.execute(() -> {
			try {
				first(id);
			}
			finally {
				this.slots.release();
			}
		});
	}

	private void first(MediaId id) {
		Scanned found = check(id);
		if (found == Scanned.BEING_WRITTEN && this.unsettled.offer(id)) {
			return;
		}
		this.counts.add(found);
	}

	private Scanned check(MediaId id) {
		try {
			return this.check.check(this.volume, id, Origin.SCAN);
		}
		catch (IOException ex) {
			unreadable(id.toString(), ex);
			return Scanned.UNREADABLE;
		}
		catch (CatalogException ex) {
			this.failure = ex;
			return Scanned.UNREADABLE;
		}
	}

	/**
	 * Looks again at the files that had been touched a moment ago.
	 */
	private void settleRest() throws InterruptedException, IOException {
		for (MediaId id = this.unsettled.poll(); id != null; id = this.unsettled.poll()) {
			Scanned found = Scanned.BEING_WRITTEN;
			for (int attempt = 0; attempt < ATTEMPTS && found == Scanned.BEING_WRITTEN; attempt++) {
				pauseUntilSettled(id);
				found = check(id);
			}
			this.counts.add(found);
		}
	}

	private void pauseUntilSettled(MediaId id) throws InterruptedException, IOException {
		Path path = this.volume.root().resolve(id.path());
		if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
			Duration pause = this.check.untilSettled(FileStat.of(path).stamp());
			if (pause.isPositive() && this.stop.await(pause.toMillis() + 1, TimeUnit.MILLISECONDS)) {
				throw new InterruptedException("Told to stop");
			}
		}
	}

	private void countMissing() throws InterruptedException {
		MediaId after = null;
		do {
			stopIfTold();
			Page page = this.catalog
				.list(new ListFilter(this.volume.name(), "", ListFilter.Selection.KNOWN, after, PAGE));
			for (FileStatus file : page.files()) {
				MediaId id = file.entry().event().id();
				if (!Files.exists(this.volume.root().resolve(id.path()), LinkOption.NOFOLLOW_LINKS)) {
					this.counts.add(Scanned.MISSING);
					LOG.atDebug().addKeyValue("media", id).log("Known and not on the volume");
				}
			}
			after = page.next();
		}
		while (after != null);
	}

	private void stopIfTold() throws InterruptedException {
		if (this.stop.getCount() == 0) {
			throw new InterruptedException("Told to stop");
		}
	}

	private void unreadable(String what, IOException met) {
		LOG.atWarn().addKeyValue("media", what).addKeyValue("reason", met.toString()).log("Not read by the scan");
	}

	private final class Visitor extends SimpleFileVisitor<Path> {

		private final ExecutorService readers;

		private Visitor(ExecutorService readers) {
			this.readers = readers;
		}

		@Override
		public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
			Path root = VolumeScan.this.volume.root();
			if (directory.equals(root.resolve(MediaId.RESERVED))) {
				return FileVisitResult.SKIP_SUBTREE;
			}
			return FileVisitResult.CONTINUE;
		}

		@Override
		public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
			if (VolumeScan.this.stop.getCount() == 0 || VolumeScan.this.failure != null) {
				return FileVisitResult.TERMINATE;
			}
			ScanCounts found = VolumeScan.this.counts;
			found.seen();
			if (!attributes.isRegularFile()) {
				found.add(Scanned.NO_FILE);
				return FileVisitResult.CONTINUE;
			}
			Optional<MediaId> id = idOf(file);
			if (id.isEmpty()) {
				found.add(Scanned.REFUSED_NAME);
				return FileVisitResult.CONTINUE;
			}
			try {
				take(id.get(), file, this.readers);
			}
			catch (NoSuchFileException ex) {
				found.add(Scanned.VANISHED);
			}
			catch (IOException ex) {
				unreadable(id.get().toString(), ex);
				found.add(Scanned.UNREADABLE);
			}
			return FileVisitResult.CONTINUE;
		}

		@Override
		public FileVisitResult visitFileFailed(Path file, IOException met) throws IOException {
			if (file.equals(VolumeScan.this.volume.root())) {
				throw met;
			}
			VolumeScan.this.counts.seen();
			VolumeScan.this.counts.add(Scanned.UNREADABLE);
			unreadable(file.toString(), met);
			return FileVisitResult.CONTINUE;
		}

		@Override
		public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException met) {
			if (met != null) {
				VolumeScan.this.counts.seen();
				VolumeScan.this.counts.add(Scanned.UNREADABLE);
				unreadable(directory.toString(), met);
			}
			return FileVisitResult.CONTINUE;
		}

		/**
		 * A name whose bytes are no UTF-8 shows replacement characters, and they make
		 * another name.
		 */
		private Optional<MediaId> idOf(Path file) {
			Path relative = VolumeScan.this.volume.root().relativize(file);
			String path = relative.toString();
			try {
				if (!Path.of(path).equals(relative)) {
					throw new InvalidMediaPathException("Path '" + path + "' is not UTF-8");
				}
				return Optional.of(new MediaId(VolumeScan.this.volume.name(), path));
			}
			catch (InvalidMediaPathException ex) {
				LOG.atWarn()
					.addKeyValue("volume", VolumeScan.this.volume.name())
					.addKeyValue("reason", ex.getMessage())
					.log("File left out by the scan: rename it");
				return Optional.empty();
			}
		}

	}

}
