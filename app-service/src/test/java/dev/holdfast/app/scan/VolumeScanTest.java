package dev.holdfast.app.scan;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.stream.Stream;

import dev.holdfast.app.catalog.Catalog;
import dev.holdfast.app.catalog.CatalogEntry;
import dev.holdfast.app.catalog.FileStatus;
import dev.holdfast.app.catalog.FileStamp;
import dev.holdfast.app.catalog.ListFilter;
import dev.holdfast.app.catalog.LogRecord;
import dev.holdfast.app.catalog.OutboxEvent;
import dev.holdfast.app.catalog.ScanRecords;
import dev.holdfast.app.catalog.ScanRecords.Purpose;
import dev.holdfast.app.catalog.ScanRecords.Work;
import dev.holdfast.app.guard.Admission;
import dev.holdfast.app.volume.FileRules;
import dev.holdfast.app.volume.FileStat;
import dev.holdfast.app.volume.Volume;
import dev.holdfast.app.volume.VolumeFixture;
import dev.holdfast.app.volume.VolumeNotAvailableException;
import dev.holdfast.app.volume.VolumeState;
import dev.holdfast.app.volume.Volumes;
import dev.holdfast.model.CloudEventCodec;
import dev.holdfast.model.Digest;
import dev.holdfast.model.Evidence;
import dev.holdfast.model.MediaDeleted;
import dev.holdfast.model.MediaId;
import dev.holdfast.model.MediaStored;
import dev.holdfast.model.Replicated;
import dev.holdfast.model.StoreName;
import dev.holdfast.model.Topics;
import dev.holdfast.model.Origin;
import dev.holdfast.model.VolumeName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * What one scan finds out on a real directory.
 */
class VolumeScanTest {

	private static final VolumeName MEDIA = new VolumeName("media");

	private static final FileTime LONG_AGO = FileTime.from(Instant.parse("2026-01-01T00:00:00Z"));

	@TempDir
	Path directory;

	private final AtomicLong ids = new AtomicLong();

	private WriterProbe probe = WriterProbe.NONE;

	private OverwriteGuard guard = OverwriteGuard.NONE;

	private Path root;

	private Volumes volumes;

	private Volume volume;

	private Catalog catalog;

	@BeforeEach
	void open() throws IOException {
		this.root = Files.createDirectories(this.directory.resolve("media"));
		this.volumes = VolumeFixture.open(this.directory.resolve("data"), Map.of("media", this.root.toString()));
		this.volume = this.volumes.find(MEDIA).orElseThrow();
		this.catalog = Catalog.open(this.directory.resolve("data"), Clock.systemUTC());
	}

	@AfterEach
	void close() {
		this.catalog.close();
		this.volumes.close();
	}

	@Test
	void whatIsAbsentIsMissingUntilItIsBack() throws Exception {
		write("a", "1");
		write("b/c", "22");
		write("b/d", "333");
		scan("");
		Files.move(this.root.resolve("b"), this.directory.resolve("away"));

		assertThat(scan("").names()).containsEntry(Scanned.MISSING, List.of("b/c", "b/d"));
		assertThat(missing()).containsExactly("b/c", "b/d");
		assertThat(this.catalog.totals().missing().files()).isEqualTo(2);
		assertThat(this.catalog.totals().missing().bytes()).isEqualTo(5);
		assertThat(this.catalog.totals().known().files()).as("still known").isEqualTo(3);
		Instant since = entry("b/c").missing();
		assertThat(since).isNotNull();
		assertThat(scan("").of(Scanned.MISSING)).isEqualTo(2);
		assertThat(entry("b/c").missing()).as("since when").isEqualTo(since);

		Files.move(this.directory.resolve("away"), this.root.resolve("b"));
		assertThat(scan("").of(Scanned.UNCHANGED)).isEqualTo(3);
		assertThat(missing()).isEmpty();
		assertThat(this.catalog.totals().missing().files()).isZero();
		assertThat(this.catalog.outboxAfter(0, 10)).as("no event of any of this").hasSize(3);
	}

	@Test
	void aMissingFileThatIsWrittenAnewOrDeletedIsMissingNoMore() throws Exception {
		write("a", "1");
		write("b", "2");
		scan("");
		Files.delete(this.root.resolve("a"));
		Files.delete(this.root.resolve("b"));
		scan("");
		assertThat(missing()).containsExactly("a", "b");

		this.catalog.recordDeleted(id("b"), (version) -> new MediaDeleted(id("b"), version, Evidence.API_REQUEST));
		assertThat(missing()).containsExactly("a");
		write("a", "other");
		assertThat(scan("").of(Scanned.PUBLISHED)).isOne();
		assertThat(missing()).isEmpty();
		assertThat(this.catalog.totals().missing().files()).isZero();
	}

	@Test
	void whereTheMarkerVanishesInMidScanNothingIsMissing() throws Exception {
		write("a", "1");
		write("z", "2");
		scan("");
		Files.delete(this.root.resolve("z"));
		Files.setLastModifiedTime(this.root.resolve("a"), LONG_AGO);
		FileRules unmounting = rules((path) -> {
			delete(this.root.resolve(".holdfast/volume.json"));
			return true;
		});

		assertThatThrownBy(() -> scan("", false, unmounting)).isInstanceOf(VolumeNotAvailableException.class);
		assertThat(missing()).isEmpty();
	}

	@Test
	void aFileThatComesWhileTheVolumeIsWalkedIsNotMissing() throws Exception {
		write("a", "1");
		write("z", "2");
		scan("");
		Files.move(this.root.resolve("z"), this.directory.resolve("z"));
		Files.setLastModifiedTime(this.root.resolve("a"), LONG_AGO);
		// Asked of z when the walk is over, and so the walk has not come to it.
		FileRules restoring = rules((path) -> {
			if (path.equals("z")) {
				move(this.directory.resolve("z"), this.root.resolve("z"));
			}
			return true;
		});

		assertThat(scan("", false, restoring).of(Scanned.MISSING)).isZero();
		assertThat(missing()).isEmpty();
	}

	@Test
	void onlyTheSubtreeIsWalkedAndJudged() throws Exception {
		write("in.d", "1");
		write("in.txt", "x");
		write("in-side/a", "1");
		write("inner/b", "2");
		write("inner/deep/c", "3");
		write("other/d", "4");
		scan("");
		for (String path : List.of("in.txt", "in-side/a", "inner/deep/c", "other/d")) {
			Files.delete(this.root.resolve(path));
		}
		write("inner/new", "5");
		write("other/new", "6");

		Findings found = scan("inner");
		assertThat(found.names()).containsEntry(Scanned.MISSING, List.of("inner/deep/c"));
		assertThat(found.of(Scanned.PUBLISHED)).isOne();
		assertThat(found.seenSoFar()).isEqualTo(2);
		assertThat(missing()).containsExactly("inner/deep/c");

		assertThat(scan("other/never/there").seenSoFar()).as("said to be gone").isOne();
		assertThat(scan("in-side").of(Scanned.MISSING)).isOne();
	}

	@Test
	void theNewestIsReadFirst() throws Exception {
		List<String> order = Collections.synchronizedList(new ArrayList<>());
		this.probe = (place, seen) -> {
			String name = place.path().getFileName().toString();
			if (!order.contains(name)) {
				order.add(name);
			}
			return WriterProbe.Answer.NOT_WRITTEN;
		};
		for (int i = 0; i < 50; i++) {
			Path file = write("d" + i % 7 + "/f" + i, "content");
			Files.setLastModifiedTime(file, FileTime.from(LONG_AGO.toInstant().plusSeconds(i * 37L % 50)));
		}

		assertThat(scan("").of(Scanned.PUBLISHED)).isEqualTo(50);
		assertThat(order).hasSize(50)
			.isSortedAccordingTo((one, other) -> Long.compare(37L * number(other) % 50, 37L * number(one) % 50));
	}

	private static long number(String name) {
		return Long.parseLong(name.substring(1));
	}

	@Test
	void namesThatDoNotFitIntoMemoryComeInTheSameOrder() {
		ScanRecords records = this.catalog.scanRecords();
		Kept few = new Kept(records, 1, Purpose.READ, 100_000);
		Kept many = new Kept(records, 2, Purpose.READ, 10);
		Kept others = new Kept(records, 3, Purpose.ABSENT, 10);
		for (int i = 0; i < 5_000; i++) {
			Work work = new Work(-(i * 7919L % 1000), "p" + i, i);
			few.add(work);
			many.add(work);
			others.add(work);
		}
		assertThat(many.names()).isEqualTo(5_000);
		assertThat(many.bytes()).isEqualTo(few.bytes());
		List<Work> all = new ArrayList<>();
		for (List<Work> some = many.take(333); !some.isEmpty(); some = many.take(333)) {
			assertThat(few.take(333)).isEqualTo(some);
			all.addAll(some);
		}
		assertThat(all).hasSize(5_000).doesNotHaveDuplicates();
		assertThat(few.take(1)).isEmpty();
		assertThat(others.take(10_000)).hasSize(5_000);
	}

	@Test
	void aScanLeavesNothingBehindInTheCatalog() throws Exception {
		for (int i = 0; i < 30; i++) {
			write("f" + i, "x");
		}
		ScanRecords records = this.catalog.scanRecords();
		scan("");
		assertThat(records.first(this.ids.get(), Purpose.READ, 1)).isEmpty();
		records.keep(77, Purpose.READ, List.of(new Work(0, "left by a killed process", 0)));
		records.forgetAll();
		assertThat(records.first(77, Purpose.READ, 1)).isEmpty();
	}

	@Test
	void bytesThatRotAreReportedAndNeverPublished() throws Exception {
		write("good", "one");
		Path rotten = write("rotten", "two");
		scan("");
		FileStamp stamp = FileStat.of(rotten).stamp();
		rot("rotten", stamp);

		assertThat(scan("").of(Scanned.UNCHANGED)).as("nothing tells without reading").isEqualTo(2);
		Findings found = scan("", true, FileRules.ALL);
		assertThat(found.names()).containsEntry(Scanned.DAMAGED, List.of("rotten"));
		assertThat(found.of(Scanned.UNCHANGED)).isOne();
		assertThat(entry("rotten").damaged()).isEqualTo(digest("TWO"));
		assertThat(digestOf("rotten")).isEqualTo(digest("two"));
		assertThat(listed(ListFilter.Selection.DAMAGED)).containsExactly("rotten");
		assertThat(this.catalog.totals().damaged().files()).isOne();

		assertThat(scan("").of(Scanned.DAMAGED)).as("remembered without reading").isOne();
		Files.setLastModifiedTime(rotten, LONG_AGO);
		assertThat(scan("").of(Scanned.DAMAGED)).as("touched, and still the damaged bytes").isOne();
		assertThat(this.catalog.outboxAfter(0, 10)).as("never published").hasSize(2);
	}

	@Test
	void aDamagedFileThatIsPutRightOrWrittenAnewIsDamagedNoMore() throws Exception {
		Path one = write("one", "one");
		Path other = write("other", "other");
		scan("");
		rot("one", FileStat.of(one).stamp());
		rot("other", FileStat.of(other).stamp());
		assertThat(scan("", true, FileRules.ALL).of(Scanned.DAMAGED)).isEqualTo(2);

		Files.writeString(one, "one");
		Files.writeString(other, "something else");
		Findings found = scan("");
		assertThat(found.of(Scanned.SAME_BYTES)).isOne();
		assertThat(found.of(Scanned.PUBLISHED)).isOne();
		assertThat(listed(ListFilter.Selection.DAMAGED)).isEmpty();
		assertThat(this.catalog.totals().damaged().files()).isZero();
		assertThat(digestOf("other")).isEqualTo(digest("something else"));
	}

	@Test
	void whatTheGuardHoldsIsNotRecorded() throws Exception {
		write("a", "one");
		scan("");
		this.guard = (_, _, _, _) -> Admission.HELD;
		Files.writeString(this.root.resolve("a"), "encrypted");
		write("new", "not asked for");

		Findings found = scan("");
		assertThat(found.names()).containsEntry(Scanned.HELD_BACK, List.of("a"));
		assertThat(found.of(Scanned.PUBLISHED)).isOne();
		assertThat(digestOf("a")).isEqualTo(digest("one"));
	}

	@Test
	void aFileWithATimeThatIsYetToComeHasToBeStillAllTheSame() throws Exception {
		Path file = write("future", "half");
		Files.setLastModifiedTime(file, FileTime.from(Instant.now().plus(Duration.ofDays(1))));
		assertThat(checkAfter(Duration.ZERO, "future")).isEqualTo(Scanned.BEING_WRITTEN);
		assertThat(checkAfter(Duration.ofHours(-1), "future")).as("the clock was set back")
			.isEqualTo(Scanned.BEING_WRITTEN);
		Files.writeString(file, "whole");
		Files.setLastModifiedTime(file, FileTime.from(Instant.now().plus(Duration.ofDays(1))));
		assertThat(checkAfter(Duration.ofMinutes(9), "future")).isEqualTo(Scanned.BEING_WRITTEN);
		assertThat(checkAfter(Duration.ofMinutes(11), "future")).isEqualTo(Scanned.PUBLISHED);
	}

	/** With a settle time of ten minutes, where nobody tells who has a file open. */
	private Scanned checkAfter(Duration later, String path) throws IOException {
		FileCheck check = new FileCheck(this.catalog, VolumeFixture.locks(), Clock.offset(Clock.systemUTC(), later),
				ScanSettings.settling(Duration.ofMinutes(10)), WriterProbe.NONE, this.guard);
		return check.check(this.volume, id(path), Origin.SCAN);
	}

	@Test
	void whatWasReadWhileTheVolumeWasAwayIsNotRecorded() throws Exception {
		write("a", "one");
		this.probe = (_, _) -> {
			// Something lies over it while the file is read, and is seen to.
			moveAway();
			assertThat(this.volume.state()).isInstanceOf(VolumeState.NotAvailable.class);
			moveBack();
			return WriterProbe.Answer.NOT_WRITTEN;
		};
		assertThatThrownBy(() -> scan("")).isInstanceOf(VolumeNotAvailableException.class)
			.hasMessageContaining("was away and has come back");
		assertThat(this.catalog.find(id("a"))).isEmpty();

		this.probe = (_, _) -> {
			moveAway();
			return WriterProbe.Answer.NOT_WRITTEN;
		};
		assertThatThrownBy(() -> scan("")).isInstanceOf(VolumeNotAvailableException.class)
			.hasMessageContaining("is not there");
		assertThat(this.catalog.find(id("a"))).isEmpty();

		moveBack();
		this.probe = WriterProbe.NONE;
		assertThat(scan("").of(Scanned.PUBLISHED)).isOne();
	}

	private void moveAway() {
		if (Files.exists(this.root)) {
			move(this.root, this.directory.resolve("away"));
		}
	}

	private void moveBack() {
		move(this.directory.resolve("away"), this.root);
	}

	@Test
	void aDirectoryThatCannotBeOpenedIsToldAndNothingBelowItIsMissing() throws Exception {
		write("dir/file", "one");
		scan("");
		String tooLong = "x".repeat(300);
		Findings found = scan(tooLong);
		assertThat(found.names()).containsEntry(Scanned.UNREADABLE, List.of(tooLong));
		assertThat(missing()).isEmpty();
	}

	@Test
	void aFaultThatAFileMeetsKeepsNoOtherFromBeingLookedAt() throws Exception {
		write("a", "one");
		write("b", "two");
		this.probe = (place, _) -> {
			if (place.path().endsWith("a")) {
				throw new IllegalStateException("a fault");
			}
			return WriterProbe.Answer.NOT_WRITTEN;
		};
		Findings found = scan("");
		assertThat(found.names()).containsEntry(Scanned.UNREADABLE, List.of("a"));
		assertThat(found.of(Scanned.PUBLISHED)).isOne();
		assertThat(found.seenSoFar()).as("each name is one of the kinds").isEqualTo(2);
	}

	@Test
	void aFileThatCameBackSinceItWasLookedForIsNotMissing() throws Exception {
		write("a", "one");
		scan("");
		CatalogEntry before = entry("a");
		FileStamp stamp = before.stamp();
		assertThat(stamp).isNotNull();
		this.catalog.recordStamp(id("a"), before.event().version(),
				new FileStamp(stamp.size(), stamp.modifiedNanos() + 1, stamp.changedNanos() + 1, stamp.inode() + 1));
		assertThat(this.catalog.scanRecords().markMissing(List.of(before), Instant.now())).isEmpty();
		assertThat(missing()).isEmpty();
		assertThat(this.catalog.scanRecords().markMissing(List.of(entry("a")), Instant.now())).containsExactly(id("a"));
	}

	@Test
	void whatIsOpenForWritingIsNotRead() throws Exception {
		write("open", "half");
		this.probe = (_, _) -> WriterProbe.Answer.WRITTEN;
		assertThat(scan("").names()).containsEntry(Scanned.BEING_WRITTEN, List.of("open"));
		assertThat(this.catalog.find(id("open"))).isEmpty();
	}

	@Test
	void whatIsOpenedForWritingWhileItIsReadIsNotRecorded() throws Exception {
		write("opened", "half");
		AtomicLong asked = new AtomicLong();
		this.probe = (_, _) -> (asked.incrementAndGet() % 2 == 1) ? WriterProbe.Answer.NOT_WRITTEN
				: WriterProbe.Answer.WRITTEN;
		assertThat(scan("").of(Scanned.BEING_WRITTEN)).isOne();
		assertThat(this.catalog.find(id("opened"))).isEmpty();
	}

	@Test
	void theSameBytesAreToldAgainWhereTheirEventMayHaveBeenPassedOver() throws Exception {
		Path file = write("logo.png", "one");
		scan("");
		Files.writeString(file, "one");
		assertThat(scan("").of(Scanned.SAME_BYTES)).as("its event is not out yet").isOne();

		this.catalog.recordPublished(this.catalog.outboxAfter(0, 10).stream().map(OutboxEvent::seq).toList());
		Files.writeString(file, "one");
		assertThat(scan("").of(Scanned.PUBLISHED)).as("the worker may have seen it half-written").isOne();
		assertThat(this.catalog.outboxAfter(0, 10)).hasSize(1);
		assertThat(digestOf("logo.png")).isEqualTo(digest("one"));

		this.catalog.recordPublished(this.catalog.outboxAfter(0, 10).stream().map(OutboxEvent::seq).toList());
		replicated("logo.png");
		Files.writeString(file, "one");
		assertThat(scan("").of(Scanned.SAME_BYTES)).as("there is a replica of it").isOne();
		assertThat(this.catalog.outboxAfter(0, 10)).isEmpty();
	}

	private void replicated(String path) {
		MediaStored stored = (MediaStored) entry(path).event();
		Replicated report = new Replicated(stored.id(), stored.version(), StoreName.PRIMARY, Instant.now(), "bucket",
				path, null, "etag", stored.size(), stored.digest(), 1);
		this.catalog.projector()
			.project(List.of(new LogRecord(Topics.REPLICAS, 0, 0, new CloudEventCodec().encode(report))), Map.of());
	}

	@Test
	void filesThatHaveToSettleAreWaitedForTogether() throws Exception {
		for (int i = 0; i < 20; i++) {
			write("open/" + i, "content " + i);
		}
		List<String> asked = Collections.synchronizedList(new ArrayList<>());
		this.probe = (place, _) -> {
			String file = place.path().toString();
			asked.add(file);
			return (Collections.frequency(asked, file) <= 2) ? WriterProbe.Answer.WRITTEN
					: WriterProbe.Answer.NOT_WRITTEN;
		};
		assertThat(scan("").of(Scanned.PUBLISHED)).isEqualTo(20);
		assertThat(asked.subList(20, 40)).as("looked at once more, each before any a third time")
			.doesNotHaveDuplicates();
	}

	@Test
	void whatIsWrittenAndClosedWhileItIsReadIsReadAgain() throws Exception {
		write("rewritten", "half");
		AtomicLong asked = new AtomicLong();
		this.probe = (place, _) -> {
			if (asked.incrementAndGet() == 2) {
				append(place.path());
			}
			return WriterProbe.Answer.NOT_WRITTEN;
		};
		scan("");
		assertThat(this.catalog.outboxAfter(0, 10)).as("only the whole was recorded").hasSizeLessThan(2);
		scan("");
		assertThat(digestOf("rewritten")).isEqualTo(digest("half and the other half"));
		assertThat(this.catalog.outboxAfter(0, 10)).hasSize(1);
	}

	private static void append(Path file) {
		try {
			Files.writeString(file, " and the other half", StandardOpenOption.APPEND);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Test
	void directoriesThatTheRulesLeaveOutAreNotWalked() throws Exception {
		write("temp/x", "1");
		write("keep/y", "2");
		write("keep/z.tmp", "3");
		List<String> asked = new ArrayList<>();
		FileRules rules = new FileRules() {

			@Override
			public boolean covers(String relativePath) {
				asked.add(relativePath);
				return !relativePath.endsWith(".tmp");
			}

			@Override
			public boolean mayCover(String path) {
				return !path.equals("temp");
			}

		};
		Findings found = scan("", false, rules);
		assertThat(found.of(Scanned.EXCLUDED)).isEqualTo(2);
		assertThat(found.of(Scanned.PUBLISHED)).isOne();
		assertThat(asked).doesNotContain("temp/x");
		assertThat(this.catalog.totals().known().files()).isOne();
	}

	@Test
	void whatTheRulesNoLongerCoverIsNotMissing() throws Exception {
		write("temp/x", "1");
		scan("");
		Files.delete(this.root.resolve("temp/x"));
		assertThat(scan("", false, rules((path) -> !path.startsWith("temp"))).of(Scanned.MISSING)).isZero();
		assertThat(missing()).isEmpty();
	}

	@Test
	void aFileThatBecameALinkOrADirectoryIsMissing() throws Exception {
		write("a", "1");
		write("b", "2");
		write("c/d", "3");
		scan("");
		Files.move(this.root.resolve("a"), this.directory.resolve("elsewhere"));
		Files.createSymbolicLink(this.root.resolve("a"), this.directory.resolve("elsewhere"));
		Files.delete(this.root.resolve("b"));
		write("b/now-a-directory", "4");
		Files.move(this.root.resolve("c"), this.directory.resolve("c"));
		Files.createSymbolicLink(this.root.resolve("c"), this.directory.resolve("c"));

		Findings found = scan("");
		assertThat(missing()).containsExactly("a", "b", "c/d");
		assertThat(found.of(Scanned.NO_FILE)).isEqualTo(2);
		assertThat(found.of(Scanned.PUBLISHED)).isOne();
	}

	@Test
	void fewNamesOfEachKindAreReported() throws Exception {
		for (int i = 0; i < 100; i++) {
			Files.createSymbolicLink(this.root.resolve("link" + i), this.root);
		}
		Findings found = scan("");
		assertThat(found.of(Scanned.NO_FILE)).isEqualTo(100);
		assertThat(found.names().get(Scanned.NO_FILE)).hasSize(Findings.MOST_NAMES);
	}

	private Findings scan(String subtree) throws Exception {
		return scan(subtree, false, FileRules.ALL);
	}

	private Findings scan(String subtree, boolean checksum, FileRules rules) throws Exception {
		ScanSettings settings = ScanSettings.settling(Duration.ZERO);
		FileCheck check = new FileCheck(this.catalog, VolumeFixture.locks(), Clock.systemUTC(), settings, this.probe,
				this.guard);
		VolumeScan scan = new VolumeScan(
				new VolumeScan.Plan(this.ids.incrementAndGet(), this.volume, rules, subtree, checksum), this.catalog,
				check, UnclosedFiles.NONE, Pace.NONE, 1, new CountDownLatch(1));
		scan.run(() -> {
		});
		assertThat(scan.progress().filesRead()).isEqualTo(scan.progress().filesToRead());
		assertThat(scan.progress().bytesRead()).isEqualTo(scan.progress().bytesToRead());
		Findings found = scan.findings();
		assertThat(found.seenSoFar()).isEqualTo(
				Stream.of(Scanned.values()).filter((kind) -> kind != Scanned.MISSING).mapToLong(found::of).sum());
		return found;
	}

	private static FileRules rules(Predicate<String> covers) {
		return new FileRules() {

			@Override
			public boolean covers(String relativePath) {
				return covers.test(relativePath);
			}

			@Override
			public boolean mayCover(String path) {
				return true;
			}

		};
	}

	/**
	 * Other bytes under the old stamp. The change time cannot be set back, so the catalog
	 * is told the present one.
	 */
	private void rot(String path, FileStamp recorded) throws IOException {
		Path file = this.root.resolve(path);
		FileTime modified = Files.getLastModifiedTime(file);
		Files.writeString(file, Files.readString(file).toUpperCase(Locale.ROOT));
		Files.setLastModifiedTime(file, modified);
		FileStamp now = FileStat.of(file).stamp();
		assertThat(now.size()).isEqualTo(recorded.size());
		this.catalog.recordStamp(id(path), entry(path).event().version(), now);
	}

	private List<String> missing() {
		return listed(ListFilter.Selection.MISSING);
	}

	private List<String> listed(ListFilter.Selection selection) {
		return this.catalog.list(new ListFilter(MEDIA, "", selection, null, 100))
			.files()
			.stream()
			.map(FileStatus::entry)
			.map((entry) -> entry.event().id().path())
			.toList();
	}

	private CatalogEntry entry(String path) {
		return this.catalog.find(id(path)).orElseThrow();
	}

	private Digest digestOf(String path) {
		return ((MediaStored) entry(path).event()).digest();
	}

	private static Digest digest(String content) {
		return Digest.of(content.getBytes(StandardCharsets.UTF_8));
	}

	private static MediaId id(String path) {
		return MediaId.of("media", path);
	}

	private Path write(String path, String content) throws IOException {
		Path file = this.root.resolve(path).normalize();
		Files.createDirectories(file.getParent());
		return Files.writeString(file, content);
	}

	private static void delete(Path file) {
		try {
			Files.deleteIfExists(file);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static void move(Path from, Path to) {
		try {
			if (Files.exists(from)) {
				Files.move(from, to);
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
