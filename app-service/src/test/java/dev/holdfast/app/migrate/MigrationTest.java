package dev.holdfast.app.migrate;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import dev.holdfast.app.catalog.Catalog;
import dev.holdfast.app.catalog.CatalogEntry;
import dev.holdfast.app.catalog.LogPartition;
import dev.holdfast.app.catalog.LogRecord;
import dev.holdfast.app.linux.ReadLease;
import dev.holdfast.app.profile.Profiles;
import dev.holdfast.app.scan.WriterProbe;
import dev.holdfast.app.volume.FileRules;
import dev.holdfast.app.volume.FileStat;
import dev.holdfast.app.volume.SourceTree;
import dev.holdfast.app.volume.StagingWriter;
import dev.holdfast.app.volume.Volume;
import dev.holdfast.app.volume.VolumeFixture;
import dev.holdfast.app.volume.VolumeMarks;
import dev.holdfast.app.volume.VolumeTraits;
import dev.holdfast.app.volume.Volumes;
import dev.holdfast.model.CloudEventCodec;
import dev.holdfast.model.Digest;
import dev.holdfast.model.Evidence;
import dev.holdfast.model.MediaDeleted;
import dev.holdfast.model.MediaId;
import dev.holdfast.model.MediaStored;
import dev.holdfast.model.Origin;
import dev.holdfast.model.Replicated;
import dev.holdfast.model.StoreName;
import dev.holdfast.model.Topics;
import dev.holdfast.model.VolumeName;
import org.assertj.core.api.Assertions;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What becomes of the files of a source folder.
 */
@Timeout(60)
class MigrationTest {

	private static final FileTime LONG_AGO = FileTime.from(Instant.parse("2024-03-01T10:20:30.123456789Z"));

	private static final Hook NOTHING = () -> {
	};

	@TempDir
	Path directory = Path.of("");

	private final FileRulesHolder rules = new FileRulesHolder();

	private Hook beforeWrite = NOTHING;

	private Hook beforeSync = NOTHING;

	private Runnable planned = () -> {
	};

	private TargetFile.Hash hash = TargetFile.Hash.READ;

	/** As the one of the application. */
	private WriterProbe probe = (place, _) -> (ReadLease.ask(place.path()) == ReadLease.Answer.WRITTEN)
			? WriterProbe.Answer.WRITTEN : WriterProbe.Answer.NOT_WRITTEN;

	private Path source = Path.of("");

	private Path root = Path.of("");

	private String to = "avatars";

	private Clock clock = Clock.systemUTC();

	private Volumes volumes;

	private Catalog catalog;

	private long offset;

	private final CloudEventCodec codec = new CloudEventCodec();

	/** Something that happens in the middle. */
	private interface Hook {

		void run() throws IOException;

	}

	private static final class FileRulesHolder {

		private FileRules rules = FileRules.ALL;

	}

	@BeforeEach
	void open() throws IOException {
		this.source = Files.createDirectories(this.directory.resolve("old/avatars"));
		this.root = Files.createDirectories(this.directory.resolve("media"));
		StagingWriter writer = new StagingWriter() {

			@Override
			public void write(FileChannel file, ByteBuffer bytes) throws IOException {
				MigrationTest.this.beforeWrite.run();
				while (bytes.hasRemaining()) {
					file.write(bytes);
				}
			}

			@Override
			public void sync(FileChannel file) throws IOException {
				MigrationTest.this.beforeSync.run();
				file.force(true);
			}

		};
		FileRules asked = new FileRules() {

			@Override
			public boolean covers(String relativePath) {
				return MigrationTest.this.rules.rules.covers(relativePath);
			}

			@Override
			public boolean mayCover(String directory) {
				return MigrationTest.this.rules.rules.mayCover(directory);
			}

		};
		this.volumes = VolumeFixture.open(this.directory.resolve("data"), Map.of("media", this.root.toString()), writer,
				(_) -> new VolumeTraits(asked, false));
		this.catalog = Catalog.open(this.directory.resolve("data"), Clock.systemUTC());
	}

	@AfterEach
	void close() {
		this.catalog.close();
		this.volumes.close();
	}

	private Path old(String path, String content) throws IOException {
		Path file = this.source.resolve(path);
		Files.createDirectories(file.getParent());
		return Files.setLastModifiedTime(Files.writeString(file, content), LONG_AGO);
	}

	private Path onVolume(String path, String content) throws IOException {
		Path file = this.root.resolve(path);
		Files.createDirectories(file.getParent());
		return Files.writeString(file, content);
	}

	private MigrationView migrate(MigrationPlan.Mode mode) {
		return migrate(mode, Duration.ZERO);
	}

	private MigrationView migrate(MigrationPlan.Mode mode, Duration settle) {
		Volume volume = this.volumes.find(new VolumeName("media")).orElseThrow();
		MigrationPlan plan = new MigrationPlan(sourceTree(), volume, this.to, mode, boundary());
		SourceFolder folder = new SourceFolder(plan.source(), settle, this.clock, System::nanoTime, this.probe);
		Work work = mode.isCleanup() ? new CleaningUp(plan, folder, this.catalog, VolumeFixture.locks(), this.hash)
				: new Copying(plan, folder, this.catalog, VolumeFixture.locks(), this.hash);
		Migration migration = new Migration("test", plan, work, settle);
		this.planned.run();
		migration.run();
		return migration.view();
	}

	private SourceTree sourceTree() {
		try {
			return SourceTree.at(this.source);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private Boundary boundary() {
		try {
			return Boundary.around(this.volumes.all(), this.directory.resolve("data"));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private MigrationView copy() {
		awaitTick();
		return migrate(MigrationPlan.Mode.COPY);
	}

	/**
	 * Waits until a file that changes now does so at another time than those that were
	 * changed before, as a copy does: many file systems go by the ticks of the kernel.
	 */
	private void awaitTick() {
		long before = touch();
		Awaitility.await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(1)).until(() -> touch() > before);
	}

	private long touch() {
		try {
			return FileStat.of(Files.writeString(this.directory.resolve("tick"), "x")).stamp().changedNanos();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static long count(MigrationView view, Outcome outcome) {
		return view.outcomes().getOrDefault(outcome.text(), Findings.Sum.NONE).files();
	}

	private Optional<MediaStored> recorded(String path) {
		return this.catalog.find(MediaId.of("media", path)).map(CatalogEntry::event).map(MediaStored.class::cast);
	}

	private static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

	private int events() {
		return this.catalog.outboxAfter(0, 1000).size();
	}

	private void replicate(String path) {
		MediaStored stored = recorded(path).orElseThrow();
		project(Topics.EVENTS, this.codec.encode(stored));
		project(Topics.REPLICAS, this.codec.encode(new Replicated(stored.id(), stored.version(), StoreName.PRIMARY,
				Instant.now(), "bucket", stored.id().toString(), "v1", "etag", stored.size(), stored.digest(), 1)));
	}

	private void project(String topic, byte[] value) {
		this.catalog.projector()
			.project(List.of(new LogRecord(topic, 0, this.offset, value)),
					Map.of(new LogPartition(topic, 0), ++this.offset));
	}

	/** Every file below, with its content. */
	private static SortedMap<String, String> tree(Path root) throws IOException {
		SortedMap<String, String> files = new TreeMap<>();
		try (Stream<Path> walk = Files.walk(root)) {
			for (Path file : walk.filter((path) -> !path.toString().contains("/.holdfast")).toList()) {
				files.put(root.relativize(file).toString(), Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
						? Files.readString(file) + FileStat.of(file).stamp() : "");
			}
		}
		return files;
	}

	@Test
	void filesAreCopiedWithAllThatTheyHaveAndTheSourceStays() throws IOException {
		Path logo = old("logo.png", "logo");
		old("ü +;\\/-x.pdf", "deep");
		Files.createDirectory(this.source.resolve("empty"));
		Files.setAttribute(logo, "unix:mode", 0640);
		Files.setAttribute(this.source.resolve("ü +;\\"), "unix:mode", 0751);
		if (FileStat.of(logo).owner().equals("0:0")) {
			Files.setAttribute(logo, "unix:gid", 4321);
			Files.setAttribute(logo, "unix:uid", 1234);
			Files.setAttribute(this.source.resolve("ü +;\\"), "unix:uid", 1234);
		}
		SortedMap<String, String> before = tree(this.source);

		MigrationView view = copy();

		assertThat(view.state()).isEqualTo("done");
		assertThat(count(view, Outcome.COPIED)).isEqualTo(2);
		assertThat(view.done()).isEqualTo(view.total()).isEqualTo(new Findings.Sum(2, 8));
		assertThat(view.left()).isZero();
		assertThat(view.ownersNotKept()).isZero();
		assertThat(tree(this.source)).isEqualTo(before);
		FileStat copy = FileStat.of(this.root.resolve("avatars/logo.png"));
		FileStat original = FileStat.of(logo);
		assertThat(copy.owner()).isEqualTo(original.owner());
		assertThat(copy.mode()).isEqualTo(0640);
		assertThat(copy.stamp().modifiedNanos()).isEqualTo(original.stamp().modifiedNanos());
		FileStat directory = FileStat.of(this.root.resolve("avatars/ü +;\\"));
		assertThat(directory.mode()).isEqualTo(0751);
		assertThat(directory.owner()).isEqualTo(FileStat.of(this.source.resolve("ü +;\\")).owner());
		assertThat(this.root.resolve("avatars/empty")).isDirectory();
		assertThat(Files.readString(this.root.resolve("avatars/ü +;\\/-x.pdf"))).isEqualTo("deep");
		assertThat(recorded("avatars/logo.png").orElseThrow()).satisfies((stored) -> {
			assertThat(stored.origin()).isEqualTo(Origin.MIGRATE);
			assertThat(stored.digest()).isEqualTo(Digest.of(bytes("logo")));
			assertThat(stored.mode()).isEqualTo(0640);
			assertThat(stored.owner()).isEqualTo(original.owner());
			assertThat(stored.contentType()).isEqualTo("image/png");
		});
		assertThat(this.catalog.find(MediaId.of("media", "avatars/logo.png")).orElseThrow().stamp())
			.as("so that a scan reads nothing again")
			.isEqualTo(copy.stamp());
		assertThat(events()).isEqualTo(2);
		assertThat(this.root.resolve(".holdfast/tmp")).isEmptyDirectory();
	}

	@Test
	void runAgainItChangesNothing() throws IOException {
		old("a", "one");
		copy();
		SortedMap<String, String> before = tree(this.root);

		MigrationView again = copy();

		assertThat(count(again, Outcome.IDENTICAL)).isOne();
		assertThat(again.left()).isZero();
		assertThat(tree(this.root)).isEqualTo(before);
		assertThat(events()).isOne();
	}

	@Test
	void anotherFileOfTheNameIsNeverOverwritten() throws IOException {
		old("a", "source");
		onVolume("avatars/a", "volume");

		MigrationView view = copy();

		assertThat(Files.readString(this.root.resolve("avatars/a"))).isEqualTo("volume");
		assertThat(view.state()).isEqualTo("done");
		assertThat(view.left()).isOne();
		assertThat(view.details()).singleElement().satisfies((detail) -> {
			assertThat(detail.path()).isEqualTo("a");
			assertThat(detail.outcome()).isEqualTo("conflict");
			assertThat(detail.sourceDigest()).isEqualTo(Digest.of(bytes("source")).toString());
			assertThat(detail.targetDigest()).isEqualTo(Digest.of(bytes("volume")).toString());
		});
		assertThat(recorded("avatars/a")).as("the scan's to publish").isEmpty();
	}

	@Test
	void aFileThatTheVolumeHasLostIsNotReplacedByAnother() throws IOException {
		old("a", "good");
		old("same", "1");
		old("deleted", "2");
		copy();
		Files.delete(this.root.resolve("avatars/a"));
		Files.delete(this.root.resolve("avatars/same"));
		Files.delete(this.root.resolve("avatars/deleted"));
		MediaId deleted = MediaId.of("media", "avatars/deleted");
		this.catalog.recordDeleted(deleted, (version) -> new MediaDeleted(deleted, version, Evidence.API_REQUEST));
		old("a", "legacy");
		old("deleted", "other");
		int events = events();

		for (MigrationPlan.Mode mode : List.of(MigrationPlan.Mode.DRY_RUN, MigrationPlan.Mode.COPY)) {
			MigrationView view = migrate(mode);

			assertThat(count(view, Outcome.COPIED)).as("%s", mode).isEqualTo(2);
			assertThat(view.details()).as("%s", mode).singleElement().satisfies((detail) -> {
				assertThat(detail.path()).isEqualTo("a");
				assertThat(detail.outcome()).isEqualTo("conflict");
				assertThat(detail.reason()).contains("lost");
				assertThat(detail.sourceDigest()).isEqualTo(Digest.of(bytes("legacy")).toString());
				assertThat(detail.targetDigest()).isEqualTo(Digest.of(bytes("good")).toString());
			});
		}
		assertThat(this.root.resolve("avatars/a")).doesNotExist();
		assertThat(recorded("avatars/a").orElseThrow().digest()).isEqualTo(Digest.of(bytes("good")));
		assertThat(events()).isEqualTo(events + 2);
		assertThat(this.root.resolve("avatars/same")).hasContent("1");
		assertThat(recorded("avatars/deleted").orElseThrow().digest()).isEqualTo(Digest.of(bytes("other")));
	}

	@Test
	void aFileThatBecomesKnownAsLostInTheLastMomentIsNotReplacedByAnother() throws IOException {
		old("a", "legacy");
		MediaId id = MediaId.of("media", "avatars/a");
		this.beforeSync = () -> this.catalog.recordStored(id, FileStat.of(this.source.resolve("a")).stamp(),
				(version) -> new MediaStored(id, version, 4, Digest.of(bytes("good")), "text/plain", Instant.now(),
						null, null, Origin.UPLOAD));

		MigrationView view = copy();

		assertThat(count(view, Outcome.CONFLICT)).isOne();
		assertThat(this.root.resolve("avatars/a")).doesNotExist();
		assertThat(this.root.resolve(".holdfast/tmp")).isEmptyDirectory();
		assertThat(events()).isOne();
	}

	@Test
	void whoComesWithAnotherFileInTheLastMomentIsNotOverwritten() throws IOException {
		old("a", "source");
		this.beforeSync = () -> onVolume("avatars/a", "faster");

		MigrationView view = copy();

		assertThat(Files.readString(this.root.resolve("avatars/a"))).isEqualTo("faster");
		assertThat(count(view, Outcome.CONFLICT)).isOne();
		assertThat(this.root.resolve(".holdfast/tmp")).isEmptyDirectory();
	}

	@Test
	void whatIsNoFileIsReportedAndNotFollowed() throws Exception {
		Path outside = Files.writeString(this.directory.resolve("outside"), "secret");
		Files.createSymbolicLink(this.source.resolve("link"), outside);
		Files.createSymbolicLink(this.source.resolve("folder"), this.directory);
		assertThat(new ProcessBuilder("mkfifo", this.source.resolve("pipe").toString()).start().waitFor()).isZero();
		old("line\nbreak", "x");
		onVolume("avatars/way", "a file");
		old("way/b", "x");

		MigrationView view = copy();

		assertThat(view.state()).isEqualTo("done");
		assertThat(count(view, Outcome.SYMBOLIC_LINK)).isEqualTo(2);
		assertThat(count(view, Outcome.SPECIAL)).isOne();
		assertThat(count(view, Outcome.REFUSED_NAME)).isOne();
		assertThat(count(view, Outcome.IN_THE_WAY)).isOne();
		assertThat(view.left()).isEqualTo(4);
		assertThat(view.details()).hasSize(5).allSatisfy((detail) -> assertThat(detail.reason()).isNotBlank());
		assertThat(tree(this.root).keySet()).containsExactly("", "avatars", "avatars/way");
	}

	/**
	 * Moves the volume to where the source folder holds it, as a second mount does, which
	 * only root can make: the volume's own path leads there by a link.
	 */
	private Path holdVolume(String under) throws IOException {
		Path held = this.source.resolve(under);
		Files.createDirectories(held.getParent());
		Files.move(this.root, held);
		Files.createSymbolicLink(this.root, held);
		return held;
	}

	private static void onlyOwnDirectory(MigrationView view, String path, String says) {
		assertThat(view.state()).as(view.reason()).isEqualTo("done");
		assertThat(view.details()).singleElement().satisfies((detail) -> {
			assertThat(detail.path()).isEqualTo(path);
			assertThat(detail.outcome()).isEqualTo("own-directory");
			assertThat(detail.reason()).contains(says);
		});
		assertThat(view.left()).isOne();
		assertThat(view.done()).isEqualTo(view.total());
	}

	@Test
	void theVolumeBelowItsSourceIsNotCopiedIntoItself() throws IOException {
		onVolume("x", "live");
		old("a", "one");
		Path held = holdVolume("app/uploads");
		this.to = "";
		SortedMap<String, String> before = tree(held);

		onlyOwnDirectory(migrate(MigrationPlan.Mode.DRY_RUN), "app/uploads", "is volume 'media'");
		assertThat(tree(held)).isEqualTo(before);
		onlyOwnDirectory(copy(), "app/uploads", "is volume 'media'");

		assertThat(tree(held).keySet()).containsExactly("", "a", "app", "x");
		assertThat(events()).isOne();
	}

	@Test
	void cleanupRemovesNothingOfTheVolumeBelowItsSource() throws IOException {
		Path live = onVolume("x", "live");
		old("uploads/x", "live");
		this.to = "";
		copy();
		replicate("uploads/x");
		Files.delete(this.source.resolve("uploads/x"));
		Files.delete(this.source.resolve("uploads"));
		holdVolume("uploads");

		for (MigrationPlan.Mode mode : List.of(MigrationPlan.Mode.CLEANUP_DRY_RUN, MigrationPlan.Mode.CLEANUP)) {
			onlyOwnDirectory(migrate(mode), "uploads", "is volume 'media'");
		}

		assertThat(live).hasContent("live");
		assertThat(this.root.resolve("uploads/x")).hasContent("live");
	}

	@Test
	void aVolumeOfAnotherAppServiceBelowTheSourceIsKnownByItsMarker() throws IOException {
		old("a", "one");
		old("deep/theirs/x", "two");
		VolumeMarks.mark(this.source.resolve("deep/theirs"), new VolumeName("theirs"));

		onlyOwnDirectory(copy(), "deep/theirs", "has a directory .holdfast");

		assertThat(tree(this.root).keySet()).containsExactly("", "avatars", "avatars/a", "avatars/deep");
	}

	@Test
	void theDataDirectoryBelowTheSourceIsNotCopied() throws IOException {
		this.catalog.close();
		this.volumes.close();
		Path data = Files.move(this.directory.resolve("data"), this.source.resolve("data"));
		Files.createSymbolicLink(this.directory.resolve("data"), data);
		this.volumes = VolumeFixture.open(this.directory.resolve("data"), Map.of("media", this.root.toString()));
		this.catalog = Catalog.open(this.directory.resolve("data"), Clock.systemUTC());

		onlyOwnDirectory(copy(), "data", "is the data directory");

		assertThat(this.root.resolve("avatars/data")).doesNotExist();
	}

	@Test
	void aFileThatIsBeingWrittenIsNotTaken() throws IOException {
		Path written = old("a", "part");
		AtomicInteger reads = new AtomicInteger();
		this.beforeWrite = () -> {
			reads.incrementAndGet();
			Files.writeString(written, "more", StandardOpenOption.APPEND);
		};

		MigrationView view = copy();

		assertThat(count(view, Outcome.BEING_WRITTEN)).isOne();
		assertThat(view.done().files()).isEqualTo(view.total().files());
		assertThat(reads).as("it is come back to").hasValue(3);
		assertThat(this.root.resolve("avatars/a")).doesNotExist();
		assertThat(events()).isZero();
	}

	@Test
	void aFileThatIsRewrittenWhileItIsReadIsNotTaken() throws IOException {
		Path written = old("a", "part");
		this.beforeSync = () -> Files.writeString(written, "trap");

		MigrationView view = copy();

		assertThat(count(view, Outcome.BEING_WRITTEN)).isOne();
		assertThat(this.root.resolve("avatars/a")).doesNotExist();
		assertThat(events()).isZero();
	}

	@Test
	void aFileThatSomebodyHasOpenForWritingIsNeitherTakenNorRemoved() throws IOException {
		Path open = old("a", "one");
		try (FileChannel _ = FileChannel.open(open, StandardOpenOption.WRITE)) {
			MigrationView view = copy();
			assertThat(count(view, Outcome.BEING_WRITTEN)).isOne();
			assertThat(view.details()).singleElement()
				.satisfies((detail) -> assertThat(detail.reason()).contains("open for writing"));
			assertThat(this.root.resolve("avatars/a")).doesNotExist();
		}
		assertThat(count(copy(), Outcome.COPIED)).as("closed").isOne();
		replicate("avatars/a");

		try (FileChannel _ = FileChannel.open(open, StandardOpenOption.WRITE)) {
			assertThat(count(migrate(MigrationPlan.Mode.CLEANUP), Outcome.BEING_WRITTEN)).isOne();
			assertThat(open).exists();
		}
		assertThat(count(migrate(MigrationPlan.Mode.CLEANUP), Outcome.REMOVED)).as("closed").isOne();
	}

	@Test
	void aFileThatSomebodyOpensForWritingMeanwhileIsNotTaken() throws IOException {
		Path opened = old("a", "one");
		List<FileChannel> writers = new ArrayList<>();
		this.beforeSync = () -> writers.add(FileChannel.open(opened, StandardOpenOption.WRITE));
		try {
			assertThat(count(copy(), Outcome.BEING_WRITTEN)).isOne();
			assertThat(this.root.resolve("avatars/a")).doesNotExist();
			assertThat(events()).isZero();
		}
		finally {
			for (FileChannel writer : writers) {
				writer.close();
			}
		}
	}

	@Test
	void aSourceThatIsTheVeryFileOfTheVolumeIsNotRemoved() throws IOException {
		old("a", "one");
		copy();
		replicate("avatars/a");
		// As it is where the source is the volume under another path, but that a link
		// needs no mount.
		Files.delete(this.source.resolve("a"));
		Files.createLink(this.source.resolve("a"), this.root.resolve("avatars/a"));
		MediaStored stored = recorded("avatars/a").orElseThrow();
		this.catalog.recordStamp(stored.id(), stored.version(), FileStat.of(this.root.resolve("avatars/a")).stamp());

		for (MigrationPlan.Mode mode : List.of(MigrationPlan.Mode.CLEANUP_DRY_RUN, MigrationPlan.Mode.CLEANUP)) {
			MigrationView view = migrate(mode);

			assertThat(count(view, Outcome.NOT_MIGRATED)).as("%s", mode).isOne();
			assertThat(view.details()).singleElement()
				.satisfies((detail) -> assertThat(detail.reason()).contains("very file", "mount"));
		}
		assertThat(this.source.resolve("a")).hasContent("one");
		assertThat(this.root.resolve("avatars/a")).hasContent("one");
	}

	@Test
	void aFileThatSomebodyOpensForWritingRightBeforeItsRemovalStays() throws IOException {
		Path opened = old("a", "one");
		copy();
		replicate("avatars/a");
		AtomicInteger asked = new AtomicInteger();
		// When it is found, when it is read, before it is removed; for each of three
		// attempts.
		this.probe = (_, _) -> (asked.incrementAndGet() % 3 == 0) ? WriterProbe.Answer.WRITTEN
				: WriterProbe.Answer.NOT_WRITTEN;

		assertThat(count(migrate(MigrationPlan.Mode.CLEANUP), Outcome.BEING_WRITTEN)).isOne();

		assertThat(asked).hasValue(9);
		assertThat(opened).exists();
	}

	@Test
	void aModificationTimeFromTheFutureDoesNotHideThatAFileWasTouchedJustNow() throws IOException {
		Duration settle = Duration.ofMillis(700);
		Path touched = Files.writeString(this.source.resolve("a"), "just now");
		Files.setLastModifiedTime(touched, FileTime.from(Instant.now().plus(Duration.ofDays(400))));
		Instant changed = Instant.EPOCH.plusNanos(FileStat.of(touched).stamp().changedNanos());

		MigrationView view = migrate(MigrationPlan.Mode.COPY, settle);

		assertThat(Instant.now()).isAfterOrEqualTo(changed.plus(settle));
		assertThat(count(view, Outcome.COPIED)).isOne();
	}

	@Test
	void aFileOfAFileSystemWhoseClockIsAheadIsTakenWhenItHasBeenSeenStill() throws IOException {
		this.clock = Clock.offset(Clock.systemUTC(), Duration.ofDays(-3));
		Duration settle = Duration.ofMillis(700);
		Path touched = old("a", "just now");
		Instant changed = Instant.EPOCH.plusNanos(FileStat.of(touched).stamp().changedNanos());

		MigrationView view = migrate(MigrationPlan.Mode.COPY, settle);

		assertThat(Instant.now()).isAfterOrEqualTo(changed.plus(settle));
		assertThat(count(view, Outcome.COPIED)).isOne();
	}

	@Test
	void aFileThatWasTouchedJustNowIsWaitedFor() throws IOException {
		AtomicInteger syncs = new AtomicInteger();
		this.beforeSync = syncs::incrementAndGet;
		Duration settle = Duration.ofMillis(700);
		Path touched = Files.writeString(this.source.resolve("a"), "just now");

		MigrationView view = migrate(MigrationPlan.Mode.COPY, settle);

		assertThat(Instant.now()).isAfterOrEqualTo(FileStat.of(touched).modified().plus(settle));

		assertThat(count(view, Outcome.COPIED)).isOne();
		assertThat(syncs).hasValue(1);
	}

	/**
	 * A directory that nobody asked to migrate from, next to the source.
	 */
	private Path foreign(String path, String content) throws IOException {
		Path file = this.directory.resolve("foreign").resolve(path);
		Files.createDirectories(file.getParent());
		return Files.setLastModifiedTime(Files.writeString(file, content), LONG_AGO);
	}

	/**
	 * Puts a symbolic link to that directory in the place of the source, as its owner
	 * may.
	 */
	private void replaceSource() {
		try {
			Files.move(this.source, this.directory.resolve("moved"));
			Files.createSymbolicLink(this.source, this.directory.resolve("foreign"));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static void sourceReplaced(MigrationView view) {
		assertThat(view.state()).isEqualTo("failed");
		assertThat(view.reason()).startsWith("The source folder ").contains("was replaced", "run this again");
	}

	@Test
	void nothingIsCopiedFromWhatReplacesTheSourceBetweenTwoRounds() throws IOException {
		Path written = old("a", "part");
		foreign("a", "secret");
		this.beforeSync = () -> {
			this.beforeSync = NOTHING;
			Files.writeString(written, "more", StandardOpenOption.APPEND);
			replaceSource();
		};

		MigrationView view = copy();

		sourceReplaced(view);
		assertThat(tree(this.root).keySet()).containsExactly("", "avatars");
		assertThat(events()).isZero();
	}

	@Test
	void cleanupRemovesNothingOfWhatReplacesTheSourceBetweenTwoRounds() throws IOException {
		Path original = old("a", "one");
		copy();
		replicate("avatars/a");
		Path foreign = foreign("a", "one");
		AtomicInteger asked = new AtomicInteger();
		this.probe = (_, _) -> {
			if (asked.incrementAndGet() > 1) {
				return WriterProbe.Answer.NOT_WRITTEN;
			}
			replaceSource();
			return WriterProbe.Answer.WRITTEN;
		};

		MigrationView view = migrate(MigrationPlan.Mode.CLEANUP);

		assertThat(foreign).hasContent("one");
		assertThat(this.directory.resolve("moved").resolve(original.getFileName())).hasContent("one");
		sourceReplaced(view);
		assertThat(asked).hasValue(1);
	}

	@Test
	void nothingIsListedOfWhatReplacesTheSourceMeanwhile() throws IOException {
		old("folder/a", "one");
		foreign("folder/deep/secret", "secret");
		this.rules.rules = new FileRules() {

			@Override
			public boolean covers(String relativePath) {
				return true;
			}

			@Override
			public boolean mayCover(String directory) {
				if (!Files.isSymbolicLink(MigrationTest.this.source)) {
					replaceSource();
				}
				return true;
			}

		};

		MigrationView view = copy();

		sourceReplaced(view);
		assertThat(view.details()).isEmpty();
		assertThat(tree(this.root).keySet()).containsExactly("", "avatars");
	}

	@Test
	void aSourceThatIsReplacedOrGoesAfterItWasLookedAtIsNotRead() throws IOException {
		old("a", "one");
		foreign("a", "secret");
		this.planned = this::replaceSource;
		sourceReplaced(copy());
		Files.delete(this.source);
		Files.move(this.directory.resolve("moved"), this.source);
		this.planned = () -> assertThat(this.source.toFile().renameTo(this.directory.resolve("gone").toFile()))
			.isTrue();
		sourceReplaced(copy());

		assertThat(tree(this.root).keySet()).containsExactly("");
	}

	@Test
	void aMissingSourceIsNormal() throws IOException {
		Files.delete(this.source);
		Files.setAttribute(this.root, "unix:mode", 0775);

		MigrationView view = copy();

		assertThat(view.state()).isEqualTo("done");
		assertThat(view.sourceMissing()).isTrue();
		assertThat(FileStat.of(this.root.resolve("avatars")).mode()).isEqualTo(0775);
	}

	@Test
	void aDryRunTellsAllAndChangesNothing() throws IOException {
		old("new", "1");
		old("same", "22");
		old("other", "333");
		onVolume("avatars/same", "22");
		onVolume("avatars/other", "4444");
		SortedMap<String, String> before = tree(this.directory.resolve("media"));

		MigrationView view = migrate(MigrationPlan.Mode.DRY_RUN);

		assertThat(view.mode()).isEqualTo("dry-run");
		assertThat(view.outcomes()).isEqualTo(Map.of("copied", new Findings.Sum(1, 1), "identical",
				new Findings.Sum(1, 2), "conflict", new Findings.Sum(1, 3)));
		assertThat(tree(this.directory.resolve("media"))).isEqualTo(before);
		assertThat(events()).isZero();
	}

	@Test
	void whatTheProfilePassesOverIsNotBrought() throws IOException {
		this.rules.rules = Profiles.choose("timetracker", "uploads").root().rules();
		old("a.png", "x");
		old(".gitkeep", "");

		MigrationView view = copy();

		assertThat(count(view, Outcome.COPIED)).isOne();
		assertThat(count(view, Outcome.EXCLUDED)).isOne();
		assertThat(view.left()).isZero();
		assertThat(this.root.resolve("avatars/.gitkeep")).doesNotExist();
	}

	@Test
	void aVolumeThatFailsEndsItAndTheNextRunGoesOn() throws IOException {
		for (int i = 0; i < 20; i++) {
			old("f" + i, "content " + i);
		}
		AtomicInteger files = new AtomicInteger();
		this.beforeSync = () -> {
			if (files.incrementAndGet() > 5) {
				throw new IOException("No space left on device");
			}
		};
		MigrationView failed = copy();
		assertThat(failed.state()).isEqualTo("failed");
		assertThat(failed.reason()).contains("No space left");
		this.beforeSync = NOTHING;

		MigrationView view = copy();

		assertThat(view.state()).isEqualTo("done");
		assertThat(count(view, Outcome.IDENTICAL)).isEqualTo(5);
		assertThat(count(view, Outcome.COPIED)).isEqualTo(15);
		assertThat(events()).isEqualTo(20);
		assertThat(this.root.resolve(".holdfast/tmp")).isEmptyDirectory();
	}

	@Test
	void oneFileOfTheVolumeThatCannotBeReadDoesNotEndIt() throws IOException {
		for (String name : List.of("bad", "busy", "good", "new")) {
			old(name, name);
		}
		for (String name : List.of("bad", "busy", "good")) {
			onVolume("avatars/" + name, name);
		}
		this.hash = (place) -> {
			if (place.path().endsWith("bad")) {
				throw new IOException("Input/output error");
			}
			Digest digest = TargetFile.Hash.READ.of(place);
			if (place.path().endsWith("busy")) {
				Files.writeString(place.path(), "+", StandardOpenOption.APPEND);
			}
			return digest;
		};

		MigrationView view = copy();

		assertThat(view.state()).as(view.reason()).isEqualTo("done");
		assertThat(view.done().files()).isEqualTo(4);
		assertThat(count(view, Outcome.COPIED)).isOne();
		assertThat(count(view, Outcome.IDENTICAL)).isOne();
		assertThat(view.left()).isEqualTo(2);
		assertThat(view.details()).extracting(Findings.Detail::path, Findings.Detail::outcome)
			.containsExactlyInAnyOrder(Assertions.tuple("bad", "unreadable"),
					Assertions.tuple("busy", "being-written"));
		assertThat(view.details())
			.allSatisfy((detail) -> assertThat(detail.reason()).contains("the file on the volume"));
		replicate("avatars/good");
		replicate("avatars/new");

		MigrationView cleanup = migrate(MigrationPlan.Mode.CLEANUP);

		assertThat(cleanup.state()).as(cleanup.reason()).isEqualTo("done");
		assertThat(count(cleanup, Outcome.REMOVED)).isEqualTo(2);
		assertThat(cleanup.left()).isEqualTo(2);
		assertThat(tree(this.source).keySet()).containsExactly("", "bad", "busy");
	}

	@Test
	void aVolumeThatGoesWhileAFileIsReadEndsIt() throws IOException {
		old("a", "one");
		onVolume("avatars/a", "one");
		this.hash = (_) -> {
			Files.delete(this.root.resolve(".holdfast/volume.json"));
			throw new IOException("Input/output error");
		};

		assertThat(copy().state()).isEqualTo("failed");
	}

	@Test
	void whatWasNamedAndNotRecordedIsRecorded() throws IOException {
		old("a", "one");
		onVolume("avatars/a", "one");

		assertThat(count(copy(), Outcome.IDENTICAL)).isOne();

		assertThat(recorded("avatars/a").orElseThrow().origin()).isEqualTo(Origin.MIGRATE);
		assertThat(events()).isOne();
	}

	@Test
	void cleanupRemovesOnlyWhatIsSafe() throws IOException {
		old("safe", "1");
		old("waiting", "2");
		old("changed-copy", "3");
		old("changed-source", "4");
		copy();
		replicate("avatars/safe");
		replicate("avatars/changed-copy");
		replicate("avatars/changed-source");
		old("never", "5");
		onVolume("avatars/changed-copy", "other");
		old("changed-source", "newer");

		MigrationView dry = migrate(MigrationPlan.Mode.CLEANUP_DRY_RUN);
		assertThat(count(dry, Outcome.REMOVED)).isOne();
		assertThat(this.source.resolve("safe")).exists();
		MigrationView view = migrate(MigrationPlan.Mode.CLEANUP);

		assertThat(tree(this.source).keySet()).containsExactly("", "changed-copy", "changed-source", "never",
				"waiting");
		assertThat(view.outcomes()).isEqualTo(Map.of("removed", new Findings.Sum(1, 1), "not-replicated",
				new Findings.Sum(1, 1), "conflict", new Findings.Sum(2, 6), "not-migrated", new Findings.Sum(1, 1)));
		assertThat(view.left()).isEqualTo(4);
		assertThat(Files.readString(this.root.resolve("avatars/safe"))).isEqualTo("1");
	}

	@Test
	void cleanupKeepsTheSourceWhereTheCatalogKnowsOtherBytes() throws IOException {
		old("a", "one");
		copy();
		replicate("avatars/a");
		old("a", "two");
		onVolume("avatars/a", "two");

		assertThat(count(migrate(MigrationPlan.Mode.CLEANUP), Outcome.NOT_REPLICATED)).isOne();

		assertThat(this.source.resolve("a")).exists();
	}

	@Test
	void cleanupDoesNothingWhereTheVolumeIsNotThere() throws IOException {
		old("a", "one");
		copy();
		replicate("avatars/a");
		Files.delete(this.root.resolve(".holdfast/volume.json"));

		assertThat(migrate(MigrationPlan.Mode.CLEANUP).state()).isEqualTo("failed");

		assertThat(this.source.resolve("a")).exists();
	}

}
