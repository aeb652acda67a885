package dev.holdfast.app.watch;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

import dev.holdfast.app.catalog.Catalog;
import dev.holdfast.app.scan.ScanCause;
import dev.holdfast.app.scan.ScanReport;
import dev.holdfast.app.scan.Scanned;
import dev.holdfast.model.WatchGap.Reason;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Gaps whose scans end when the test says so.
 */
@Timeout(60)
class GapsTest {

	private static final Instant SINCE = Instant.parse("2026-01-01T00:00:00Z");

	@TempDir
	Path directory;

	private final BlockingQueue<Scan> asked = new LinkedBlockingQueue<>();

	/** Is thrown once, where the next scan is asked for. */
	private final AtomicReference<@Nullable RuntimeException> fault = new AtomicReference<>();

	private final WatchCounts counts = new WatchCounts();

	private Catalog catalog;

	private Gaps gaps;

	private record Scan(String subtree, CompletableFuture<ScanReport> report) {

		private void end(boolean complete) {
			this.report.complete(new ScanReport(1, Watched.MEDIA, this.subtree, ScanCause.GAP, false, SINCE, SINCE,
					complete ? null : "it was stopped", 1, Map.of(Scanned.PUBLISHED, 1L), Map.of()));
		}

	}

	@BeforeEach
	void begin() {
		this.catalog = Catalog.open(this.directory, Clock.systemUTC());
		this.gaps = new Gaps(Watched.MEDIA, (subtree) -> {
			RuntimeException thrown = this.fault.getAndSet(null);
			if (thrown != null) {
				throw thrown;
			}
			Scan scan = new Scan(subtree, new CompletableFuture<>());
			this.asked.add(scan);
			return scan.report();
		}, this.catalog.watchJournal(), this.counts, () -> true, () -> {
		}, Clock.systemUTC());
		this.gaps.start();
	}

	@AfterEach
	void end() {
		this.gaps.close();
		this.catalog.close();
	}

	@Test
	void directoriesAreScannedAndRecordedWhileTheWholeVolumeIs() throws InterruptedException {
		this.gaps.missed("", Reason.NOT_RUNNING, SINCE);
		Scan whole = next("");
		this.gaps.missed("a", Reason.OVERFLOW, SINCE);
		this.gaps.unwatched("b/c", SINCE);
		next("a").end(true);
		awaitGaps(Reason.OVERFLOW, 1);
		next("b/c").end(true);
		awaitGaps(Reason.WATCH_LOST, 1);
		assertThat(this.gaps.isClosed()).isFalse();
		assertThat(this.counts.gaps(Reason.NOT_RUNNING)).isZero();

		whole.end(true);
		awaitGaps(Reason.NOT_RUNNING, 1);
		Awaitility.await().until(this.gaps::isClosed);
		assertThat(this.asked).isEmpty();
	}

	@Test
	void whileTheWholeVolumeIsScannedItsNextScanWaitsAndDirectoriesDoNotWaitForThat() throws InterruptedException {
		this.gaps.missed("", Reason.NOT_RUNNING, SINCE);
		Scan whole = next("");
		this.gaps.missed("", Reason.OVERFLOW, SINCE);
		this.gaps.missed("a", Reason.WATCH_LOST, SINCE);
		next("a").end(true);
		awaitGaps(Reason.WATCH_LOST, 1);
		assertThat(this.asked).isEmpty();

		whole.end(true);
		next("").end(true);
		awaitGaps(Reason.OVERFLOW, 1);
		Awaitility.await().until(this.gaps::isClosed);
	}

	@Test
	void aDirectoryIsAskedForOnceMoreWhileItsScanGoesOnAndThenWaits() throws InterruptedException {
		this.gaps.missed("a", Reason.OVERFLOW, SINCE);
		Scan first = next("a");
		this.gaps.missed("a", Reason.OVERFLOW, SINCE);
		Scan second = next("a");
		this.gaps.missed("a", Reason.OVERFLOW, SINCE);
		this.gaps.missed("a/b", Reason.OVERFLOW, SINCE);
		this.gaps.missed("z", Reason.OVERFLOW, SINCE);
		Scan other = next("z");
		first.end(true);
		Scan third = next("a");
		List.of(second, other, third).forEach((scan) -> scan.end(true));
		awaitGaps(Reason.OVERFLOW, 4);
		Awaitility.await().until(this.gaps::isClosed);
		assertThat(this.asked).isEmpty();
	}

	@Test
	void whereAScanDoesNotComeToItsEndItIsMadeAgain() throws InterruptedException {
		this.gaps.missed("a", Reason.OVERFLOW, SINCE);
		next("a").report().completeExceptionally(new IllegalStateException("a fault"));
		next("a").end(false);
		Scan third = next("a");
		assertThat(this.gaps.isClosed()).isFalse();
		assertThat(this.counts.gaps()).isZero();
		third.end(true);
		awaitGaps(Reason.OVERFLOW, 1);
	}

	@Test
	void whereAScanCannotBeAskedForItIsAskedForAgain() throws InterruptedException {
		this.fault.set(new IllegalStateException("a fault"));
		this.gaps.missed("a", Reason.OVERFLOW, SINCE);
		next("a").end(true);
		awaitGaps(Reason.OVERFLOW, 1);
		assertThat(this.fault).hasNullValue();
	}

	@Test
	void aDirectoryWhosePathIsTooLongIsScannedWithWhatIsAboveIt() throws InterruptedException {
		String above = String.join("/", Collections.nCopies(5, "d".repeat(200)));
		this.gaps.missed(above + "/" + "e".repeat(200), Reason.WATCH_LOST, SINCE);
		next(above).end(true);
		awaitGaps(Reason.WATCH_LOST, 1);
		Awaitility.await().until(this.gaps::isClosed);
		this.gaps.left(above + "/" + "e".repeat(200), SINCE);
		assertThat(this.gaps.isClosed()).as("no file below it was known").isTrue();
	}

	@Test
	void whatWaitsIsMergedIntoWhatIsAboveIt() throws InterruptedException {
		List<Scan> scans = new ArrayList<>();
		this.gaps.missed("", Reason.NOT_RUNNING, SINCE);
		Scan whole = next("");
		for (int i = 0; i < 2; i++) {
			this.gaps.missed("a/b", Reason.OVERFLOW, SINCE);
			scans.add(next("a/b"));
		}
		this.gaps.missed("a/b", Reason.OVERFLOW, SINCE);
		this.gaps.missed("a", Reason.OVERFLOW, SINCE);
		scans.add(next("a"));
		scans.forEach((scan) -> scan.end(true));
		awaitGaps(Reason.OVERFLOW, 3);
		whole.end(true);
		Awaitility.await().until(this.gaps::isClosed);
		assertThat(this.asked).isEmpty();
	}

	private Scan next(String subtree) throws InterruptedException {
		Scan scan = this.asked.poll(30, TimeUnit.SECONDS);
		assertThat(scan).isNotNull();
		assertThat(scan.subtree()).isEqualTo(subtree);
		return scan;
	}

	private void awaitGaps(Reason reason, long number) {
		Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> this.counts.gaps(reason) == number);
	}

}
