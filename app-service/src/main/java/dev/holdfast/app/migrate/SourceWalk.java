package dev.holdfast.app.migrate;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;

import dev.holdfast.app.volume.FileRules;
import dev.holdfast.app.volume.FileStat;
import dev.holdfast.model.InvalidMediaPathException;
import org.jspecify.annotations.Nullable;

/**
 * Goes through a source folder and has something done with each file, a few at a time.
 * Files that were touched a moment ago are come back to.
 */
final class SourceWalk {

	/** Enough for the records of several files to share an fsync. */
	private static final int AT_ONCE = 8;

	/** Files to come back to; beyond these they are reported. */
	static final int MOST_UNSETTLED = 10_000;

	private final MigrationPlan plan;

	private final Work work;

	private final Findings findings;

	private final BooleanSupplier stopped;

	private final Semaphore slots = new Semaphore(AT_ONCE);

	private final BlockingQueue<String> unsettled = new LinkedBlockingQueue<>(MOST_UNSETTLED);

	private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();

	SourceWalk(MigrationPlan plan, Work work, Findings findings, BooleanSupplier stopped) {
		this.plan = plan;
		this.work = work;
		this.findings = findings;
		this.stopped = stopped;
	}

	/**
	 * Goes through all of it, and then again through those files that had not been still.
	 * @param pause waits before each of the two further attempts
	 * @throws IOException where the volume fails, or the source folder cannot be read at
	 * all
	 */
	void run(Pause pause) throws IOException, InterruptedException {
		try (ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor()) {
			this.plan.source().walk(new Visitor(workers));
		}
		throwFailure();
		for (int again = 2; !this.unsettled.isEmpty() && !isOver(); again--) {
			pause.await();
			List<String> paths = new ArrayList<>();
			this.unsettled.drainTo(paths);
			boolean last = again == 1;
			try (ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor()) {
				for (String path : paths) {
					submit(workers, path, !last);
				}
			}
			throwFailure();
		}
	}

	/** Waits until a file that was touched just now has been still. */
	@FunctionalInterface
	interface Pause {

		void await() throws InterruptedException;

	}

	private boolean isOver() {
		return this.stopped.getAsBoolean() || this.failure.get() != null;
	}

	private void throwFailure() throws IOException {
		switch (this.failure.get()) {
			case null -> {
			}
			case IOException ex -> throw ex;
			case RuntimeException ex -> throw ex;
			case Exception ex -> throw new IllegalStateException(ex);
		}
	}

	private void submit(ExecutorService workers, String path, boolean mayComeBack) {
		this.slots.acquireUninterruptibly();
		workers.execute(() -> {
			try {
				if (!isOver()) {
					handle(path, mayComeBack);
				}
			}
			finally {
				this.slots.release();
			}
		});
	}

	private void handle(String path, boolean mayComeBack) {
		try {
			Result result = this.work.file(path);
			if (result.outcome() == Outcome.BEING_WRITTEN && mayComeBack && this.unsettled.offer(path)) {
				return;
			}
			this.findings.add(path, result);
		}
		catch (IOException | RuntimeException ex) {
			this.failure.compareAndSet(null, ex);
		}
	}

	private final class Visitor extends SimpleFileVisitor<Path> {

		private final ExecutorService workers;

		Visitor(ExecutorService workers) {
			this.workers = workers;
		}

		@Override
		public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) throws IOException {
			if (isOver()) {
				return FileVisitResult.TERMINATE;
			}
			String path = relative(directory);
			if (FileRules.isReserved(path)) {
				// The source is another volume.
				return FileVisitResult.SKIP_SUBTREE;
			}
			Optional<String> against = SourceWalk.this.plan.boundary()
				.reasonAgainst(SourceWalk.this.plan, path, attributes.fileKey());
			if (against.isPresent()) {
				add(path, Result.of(Outcome.OWN_DIRECTORY, 0, against.get()));
				return FileVisitResult.SKIP_SUBTREE;
			}
			if (path.isEmpty() || isMediaPath(directory)) {
				Optional<FileStat> stat;
				try {
					stat = FileStat.of(directory, attributes.fileKey());
				}
				catch (NoSuchFileException ex) {
					SourceWalk.this.plan.source().requireInPlace();
					add(path, Result.of(Outcome.VANISHED, 0));
					return FileVisitResult.SKIP_SUBTREE;
				}
				if (stat.isEmpty()) {
					SourceWalk.this.plan.source().requireInPlace();
					add(path, Result.of(Outcome.UNREADABLE, 0, "was replaced meanwhile: run this again"));
					return FileVisitResult.SKIP_SUBTREE;
				}
				try {
					SourceWalk.this.work.directory(path, stat.get());
				}
				catch (IOException ex) {
					throw new UncheckedIOException(ex);
				}
			}
			return FileVisitResult.CONTINUE;
		}

		@Override
		public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
			if (isOver()) {
				return FileVisitResult.TERMINATE;
			}
			String path = relative(file);
			if (attributes.isSymbolicLink()) {
				add(path, Result.of(Outcome.SYMBOLIC_LINK, 0, "not followed: give what it points to as a source"));
			}
			else if (!attributes.isRegularFile()) {
				add(path, Result.of(Outcome.SPECIAL, 0, "a pipe, socket or device: holds nothing"));
			}
			else if (!isMediaPath(file)) {
				add(path, Result.of(Outcome.REFUSED_NAME, attributes.size(),
						"no media file can have this name: rename it"));
			}
			else {
				submit(this.workers, path, true);
			}
			return FileVisitResult.CONTINUE;
		}

		@Override
		public FileVisitResult visitFileFailed(Path file, IOException met) {
			add(relative(file), SourceFile.failed(met, 0));
			return FileVisitResult.CONTINUE;
		}

		@Override
		public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException met) {
			if (met != null) {
				add(relative(directory), Result.of(Outcome.UNREADABLE, 0, "not read to its end: " + met));
			}
			return FileVisitResult.CONTINUE;
		}

		private void add(String path, Result result) {
			SourceWalk.this.findings.add(path, result);
		}

		private String relative(Path file) {
			return SourceWalk.this.plan.from().relativize(file).toString();
		}

		/**
		 * A name whose bytes are no UTF-8 shows replacement characters, and they make
		 * another name.
		 */
		private boolean isMediaPath(Path file) {
			Path relative = SourceWalk.this.plan.from().relativize(file);
			try {
				SourceWalk.this.plan.idOf(relative.toString());
				return Path.of(relative.toString()).equals(relative);
			}
			catch (InvalidMediaPathException ex) {
				return false;
			}
		}

	}

}
