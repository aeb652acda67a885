package dev.holdfast.app.watch;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

import dev.holdfast.app.catalog.Catalog;
import dev.holdfast.app.scan.ScanCause;
import dev.holdfast.app.scan.ScanReport;
import dev.holdfast.model.WatchGap.Reason;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Which gaps wait for which scans.
 */
@Timeout(120)
class GapsTest {

	private static final Instant SINCE = Instant.parse("2026-01-01T00:00:00Z");

	@TempDir
	Path directory;

	private final Map<String, CompletableFuture<ScanReport>> scans = new ConcurrentHashMap<>();

	private final WatchCounts counts = new WatchCounts();

	private Catalog catalog;

	private Gaps gaps;

	@BeforeEach
	void open() {
		this.catalog = Catalog.open(this.directory, Clock.systemUTC());
		this.gaps = new Gaps(Watched.MEDIA,
				(subtree) -> this.scans.merge(subtree, new CompletableFuture<>(), (_, now) -> now),
				this.catalog.watchJournal(), this.counts, () -> true, () -> {
				}, Clock.systemUTC());
		this.gaps.start();
	}

	@AfterEach
	void close() {
		this.gaps.close();
		this.catalog.close();
	}

	@Test
	void aDirectoryNeedNotWaitForTheScanOfTheWholeVolume() {
		this.gaps.missed("", Reason.NOT_RUNNING, SINCE);
		await().until(() -> this.scans.containsKey(""));
		this.gaps.missed("new", Reason.WATCH_LOST, SINCE);
		await().until(() -> this.scans.containsKey("new"));
		end("new");
		await().until(() -> this.counts.gaps(Reason.WATCH_LOST) == 1);
		assertThat(this.gaps.isClosed()).as("the whole volume is still being scanned").isFalse();
		assertThat(this.counts.gaps(Reason.NOT_RUNNING)).isZero();

		end("");
		await().until(this.gaps::isClosed);
		assertThat(this.counts.gaps(Reason.NOT_RUNNING)).isOne();
	}

	@Test
	void aGapWhoseScanEndsEarlyStaysOpenAndIsScannedAgain() {
		this.gaps.missed("dir", Reason.OVERFLOW, SINCE);
		await().until(() -> this.scans.containsKey("dir"));
		CompletableFuture<ScanReport> failed = Objects.requireNonNull(this.scans.get("dir"));
		failed.completeExceptionally(new IllegalStateException("a fault"));
		await().until(() -> this.scans.get("dir") != failed);
		assertThat(this.gaps.isClosed()).isFalse();
		assertThat(this.counts.gaps()).isZero();

		end("dir");
		await().until(this.gaps::isClosed);
		assertThat(this.counts.gaps(Reason.OVERFLOW)).isOne();
	}

	@Test
	void directoriesThatWaitAreOneGapWithTheOneAboveThem() {
		this.gaps.missed("first", Reason.WATCH_LOST, SINCE);
		await().until(() -> this.scans.containsKey("first"));
		this.gaps.missed("a/b", Reason.WATCH_LOST, SINCE);
		this.gaps.missed("a/c", Reason.WATCH_LOST, SINCE);
		this.gaps.missed("a", Reason.WATCH_LOST, SINCE);
		end("first");
		await().until(() -> this.scans.containsKey("a"));
		end("a");
		await().until(this.gaps::isClosed);
		assertThat(this.scans).containsOnlyKeys("first", "a");
		assertThat(this.counts.gaps(Reason.WATCH_LOST)).isEqualTo(2);
	}

	private void end(String subtree) {
		Instant now = Instant.now();
		Objects.requireNonNull(this.scans.get(subtree))
			.complete(new ScanReport(1, Watched.MEDIA, subtree, ScanCause.GAP, false, now, now, null, 0, Map.of(),
					Map.of()));
	}

	private static ConditionFactory await() {
		return Awaitility.await().atMost(Duration.ofMinutes(1)).pollInterval(Duration.ofMillis(5));
	}

}
