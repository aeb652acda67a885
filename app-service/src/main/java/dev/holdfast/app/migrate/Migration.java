package dev.holdfast.app.migrate;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import dev.holdfast.app.catalog.CatalogException;
import dev.holdfast.app.volume.FileRules;
import dev.holdfast.app.volume.FileStat;
import dev.holdfast.app.volume.SourceReplacedException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One migration: goes on by itself once it is run, and can be asked how far it is.
 */
final class Migration implements Runnable {

	private static final Logger LOG = LoggerFactory.getLogger(Migration.class);

	private final String id;

	private final MigrationPlan plan;

	private final Work work;

	private final Duration settle;

	private final Findings findings = new Findings();

	private final CountDownLatch stop = new CountDownLatch(1);

	private final CountDownLatch ended = new CountDownLatch(1);

	private final Instant began = Instant.now();

	private volatile State state = State.RUNNING;

	private volatile Findings.Sum total = Findings.Sum.NONE;

	private volatile boolean sourceMissing;

	private volatile @Nullable String reason;

	private volatile @Nullable Instant end;

	Migration(String id, MigrationPlan plan, Work work, Duration settle) {
		this.id = id;
		this.plan = plan;
		this.work = work;
		this.settle = settle;
	}

	/** How far it is. */
	enum State {

		/** Going on. */
		RUNNING,

		/** Over. */
		DONE,

		/** Ended early because something failed; run again it goes on. */
		FAILED,

		/** Ended early because someone said so; run again it goes on. */
		STOPPED;

		String text() {
			return name().toLowerCase(Locale.ROOT);
		}

	}

	String id() {
		return this.id;
	}

	MigrationPlan plan() {
		return this.plan;
	}

	boolean isRunning() {
		return this.state == State.RUNNING;
	}

	@Override
	public void run() {
		try {
			migrate();
			this.state = isStopped() ? State.STOPPED : State.DONE;
		}
		catch (InterruptedException ex) {
			// Its thread ends with it.
			this.state = State.STOPPED;
		}
		catch (SourceReplacedException ex) {
			this.reason = ex.getMessage();
			this.state = State.FAILED;
		}
		catch (IOException | CatalogException | UncheckedIOException ex) {
			this.reason = String.valueOf((ex instanceof UncheckedIOException) ? ex.getCause() : ex);
			this.state = State.FAILED;
		}
		finally {
			if (this.state == State.RUNNING) {
				this.reason = "an error that the log of app-service tells of";
				this.state = State.FAILED;
			}
			this.end = Instant.now();
			this.ended.countDown();
			LOG.atInfo()
				.addKeyValue("migration", this.id)
				.addKeyValue("volume", this.plan.volume().name())
				.addKeyValue("mode", this.plan.mode().text())
				.addKeyValue("state", this.state.text())
				.addKeyValue("reason", this.reason)
				.addKeyValue("files", this.findings.done().files())
				.addKeyValue("left", this.findings.left())
				.log("Migration ended");
		}
	}

	/**
	 * Ends it between two files.
	 */
	void stop() {
		this.stop.countDown();
	}

	/**
	 * Waits until it is over.
	 */
	void await(Duration atMost) throws InterruptedException {
		this.ended.await(atMost.toMillis(), TimeUnit.MILLISECONDS);
	}

	private boolean isStopped() {
		return this.stop.getCount() == 0;
	}

	private void migrate() throws IOException, InterruptedException {
		if (this.plan.source().isMissing()) {
			this.sourceMissing = true;
			this.work.directory("", FileStat.of(nearest()));
			return;
		}
		try (Closeable _ = this.plan.source().hold()) {
			this.total = count();
			new SourceWalk(this.plan, this.work, this.findings, this::isStopped)
				.run(() -> this.stop.await(this.settle.toMillis() + 1, TimeUnit.MILLISECONDS));
		}
	}

	/**
	 * The directory on the volume that is nearest to the one that is to be made.
	 */
	private Path nearest() {
		Path path = this.plan.volume().root();
		for (Path name : Path.of(this.plan.to())) {
			if (!Files.isDirectory(path.resolve(name), LinkOption.NOFOLLOW_LINKS)) {
				break;
			}
			path = path.resolve(name);
		}
		return path;
	}

	private Findings.Sum count() throws IOException {
		long[] counts = new long[2];
		this.plan.source().walk(new SimpleFileVisitor<>() {

			@Override
			public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
					throws IOException {
				MigrationPlan plan = Migration.this.plan;
				String path = plan.from().relativize(directory).toString();
				if (FileRules.isReserved(path)) {
					return FileVisitResult.SKIP_SUBTREE;
				}
				if (plan.boundary().reasonAgainst(plan, path, attributes.fileKey()).isPresent()) {
					counts[0]++;
					return FileVisitResult.SKIP_SUBTREE;
				}
				return FileVisitResult.CONTINUE;
			}

			@Override
			public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
				counts[0]++;
				counts[1] += attributes.isRegularFile() ? attributes.size() : 0;
				return isStopped() ? FileVisitResult.TERMINATE : FileVisitResult.CONTINUE;
			}

			@Override
			public FileVisitResult visitFileFailed(Path file, IOException met) {
				counts[0]++;
				return FileVisitResult.CONTINUE;
			}

			@Override
			public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException met) {
				return FileVisitResult.CONTINUE;
			}

		});
		return new Findings.Sum(counts[0], counts[1]);
	}

	/**
	 * How far it is now.
	 */
	MigrationView view() {
		return new MigrationView(this.id, this.plan.from().toString(), this.plan.volume().name().value(),
				this.plan.to(), this.plan.mode().text(), this.state.text(), this.reason, this.began, this.end,
				this.sourceMissing, this.total, this.findings.done(), this.findings.sums(), this.findings.left(),
				this.findings.ownersNotKept(), this.findings.details(), this.findings.leftOut(),
				MigrationView.note(this.plan));
	}

}
