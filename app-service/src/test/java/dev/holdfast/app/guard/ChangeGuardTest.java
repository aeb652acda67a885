package dev.holdfast.app.guard;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

import dev.holdfast.app.catalog.Catalog;
import dev.holdfast.app.catalog.Decided;
import dev.holdfast.app.catalog.FileStamp;
import dev.holdfast.app.catalog.HeldCounts;
import dev.holdfast.app.catalog.HeldFile;
import dev.holdfast.app.catalog.HeldNow;
import dev.holdfast.app.catalog.Hold;
import dev.holdfast.app.catalog.ListFilter;
import dev.holdfast.app.catalog.LogPartition;
import dev.holdfast.app.profile.ProfileRoot;
import dev.holdfast.app.scan.FileCheck;
import dev.holdfast.app.scan.ScanSettings;
import dev.holdfast.app.scan.Scanned;
import dev.holdfast.app.scan.WriterProbe;
import dev.holdfast.app.volume.FileLocks;
import dev.holdfast.app.volume.Place;
import dev.holdfast.app.volume.Volume;
import dev.holdfast.app.volume.VolumeFixture;
import dev.holdfast.app.volume.VolumeState;
import dev.holdfast.app.volume.Volumes;
import dev.holdfast.model.Digest;
import dev.holdfast.model.Evidence;
import dev.holdfast.model.MediaDeleted;
import dev.holdfast.model.MediaEvent;
import dev.holdfast.model.MediaId;
import dev.holdfast.model.MediaStored;
import dev.holdfast.model.Origin;
import dev.holdfast.model.Topics;
import dev.holdfast.model.VolumeName;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * What becomes of deletes and overwrites that others do on a volume.
 */
class ChangeGuardTest {

	private static final VolumeName MEDIA = new VolumeName("media");

	private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

	private static final Duration WINDOW = Duration.ofMinutes(10);

	private static final GuardSettings SETTINGS = settings(Duration.ZERO);

	@TempDir
	Path directory = Path.of("");

	private Path root = Path.of("");

	private @Nullable Volumes volumes;

	private @Nullable Catalog opened;

	private @Nullable ChangeGuard made;

	private final FileLocks locks = VolumeFixture.locks();

	private final SetClock clock = new SetClock();

	@BeforeEach
	void open() throws IOException {
		this.root = Files.createDirectories(this.directory.resolve("media"));
		this.volumes = VolumeFixture.open(this.directory.resolve("data"), Map.of("media", this.root.toString()));
		openCatalog();
	}

	private void openCatalog() {
		Catalog catalog = Catalog.open(this.directory.resolve("data"), Clock.systemUTC());
		this.opened = catalog;
		this.made = new ChangeGuard(catalog, this.locks, SETTINGS, this.clock);
	}

	@AfterEach
	void close() {
		guard().close();
		catalog().close();
		volumes().close();
	}

	private Volumes volumes() {
		return Objects.requireNonNull(this.volumes);
	}

	private Catalog catalog() {
		return Objects.requireNonNull(this.opened);
	}

	private ChangeGuard guard() {
		return Objects.requireNonNull(this.made);
	}

	private Volume media() {
		return volumes().find(MEDIA).orElseThrow();
	}

	private void restart() {
		guard().close();
		catalog().close();
		openCatalog();
	}

	@Test
	void aDeleteThatWasSeenAndHoldsIsRecordedOnce() throws IOException {
		store("a/logo.png", "logo");
		assertThat(observe("a/logo.png")).as("the file is there").isEqualTo(Observed.PRESENT);

		Files.delete(this.root.resolve("a/logo.png"));
		assertThat(observe("a/logo.png")).isEqualTo(Observed.RECORDED);
		assertThat(event("a/logo.png")).isInstanceOfSatisfying(MediaDeleted.class,
				(deleted) -> assertThat(deleted.evidence()).isEqualTo(Evidence.OBSERVED));
		assertThat(observe("a/logo.png")).isEqualTo(Observed.UNKNOWN);
		assertThat(observe("never-heard-of")).isEqualTo(Observed.UNKNOWN);
		assertThat(guard().count(Observed.UNKNOWN)).isEqualTo(2);
	}

	@Test
	void aFileThatWasReplacedByAnotherThingIsNotDeleted() throws IOException {
		store("a", "one");
		store("b/c", "two");
		Files.delete(this.root.resolve("a"));
		Files.createSymbolicLink(this.root.resolve("a"), this.root.resolve("b/c"));
		assertThat(observe("a")).isEqualTo(Observed.PRESENT);

		Files.delete(this.root.resolve("b/c"));
		Files.delete(this.root.resolve("b"));
		Files.writeString(this.root.resolve("b"), "a file");
		assertThat(observe("b/c")).isEqualTo(Observed.PRESENT);
	}

	@Test
	void nothingFollowsFromAVolumeThatIsNotTheOneItWas() throws IOException {
		store("a", "one");
		Path away = this.directory.resolve("away");
		Files.move(this.root, away);
		assertThat(observe("a")).as("renamed root").isEqualTo(Observed.NOT_AVAILABLE);

		Files.createDirectory(this.root);
		assertThat(observe("a")).as("empty directory, an unmounted volume").isEqualTo(Observed.NOT_AVAILABLE);

		Files.createDirectory(this.root.resolve(".holdfast"));
		Files.writeString(this.root.resolve(".holdfast/volume.json"),
				"{\"volume\":\"media\",\"id\":\"11111111-2222-4333-8444-555555555555\",\"created\":\"2026-01-01T00:00:00Z\"}");
		assertThat(observe("a")).as("another volume").isEqualTo(Observed.NOT_AVAILABLE);
		remove(this.root);
		Files.move(away, this.root);
		assertThat(observe("a")).as("back").isEqualTo(Observed.PRESENT);

		Files.move(this.root, away);
		Files.createDirectories(this.root.resolve(".holdfast"));
		Files.copy(away.resolve(".holdfast/volume.json"), this.root.resolve(".holdfast/volume.json"));
		assertThat(observe("a")).as("a directory with a copy of the marker").isEqualTo(Observed.NOT_AVAILABLE);
		assertThat(event("a")).isInstanceOf(MediaStored.class);
		assertThat(guard().count(Observed.RECORDED)).isZero();
	}

	@Test
	void moreDeletesThanTheLimitWaitAndAllThatFollow() throws IOException {
		storeFiles(12);
		Map<Integer, Long> positions = new TreeMap<>(Map.of(0, 7L, 3, 5L));
		catalog().projector()
			.project(List.of(), Map.of(new LogPartition(Topics.EVENTS, 0), 7L, new LogPartition(Topics.EVENTS, 3), 5L,
					new LogPartition(Topics.REPLICAS, 0), 99L));
		for (int i = 0; i < 5; i++) {
			assertThat(delete(i)).isEqualTo(Observed.RECORDED);
			this.clock.advance(Duration.ofSeconds(30));
		}
		catalog().projector().project(List.of(), Map.of(new LogPartition(Topics.EVENTS, 0), 12L));
		assertThat(delete(5)).isEqualTo(Observed.HELD);
		Instant since = this.clock.instant();
		this.clock.advance(Duration.ofDays(3));
		assertThat(delete(6)).as("until it is decided").isEqualTo(Observed.HELD);

		assertThat(event(name(5))).isInstanceOf(MediaStored.class);
		Hold hold = catalog().holds().of(MEDIA).orElseThrow();
		assertThat(hold.kind()).isEqualTo(Hold.Kind.DELETES);
		assertThat(hold.since()).isEqualTo(since);
		assertThat(hold.reason()).isEqualTo("more than 5 files were deleted within 10 min");
		assertThat(hold.lastGood().at()).as("before the first delete").isEqualTo(NOON);
		assertThat(hold.lastGood().positions()).isEqualTo(positions);
		assertThat(catalog().holds().counts(MEDIA)).isEqualTo(new HeldCounts(2, 0, 0, 0));
		assertThat(catalog().list(new ListFilter(null, "", ListFilter.Selection.HELD, null, 10)).files())
			.extracting((file) -> file.entry().event().id().path())
			.containsExactly(name(5), name(6));

		assertThat(overwrite(7)).as("overwrites go on").isEqualTo(Scanned.PUBLISHED);
		restart();
		assertThat(delete(8)).as("after a restart").isEqualTo(Observed.HELD);
		assertThat(catalog().holds().of(MEDIA)).hasValue(hold);
	}

	@Test
	void theWindowSurvivesARestartAndEndsInTime() throws IOException {
		storeFiles(12);
		for (int i = 0; i < 5; i++) {
			assertThat(delete(i)).isEqualTo(Observed.RECORDED);
		}
		restart();
		this.clock.advance(WINDOW);
		assertThat(delete(5)).as("the last moment of the window").isEqualTo(Observed.HELD);
		guard().of(MEDIA).approve(HeldNow.ALL);

		for (int i = 6; i < 11; i++) {
			assertThat(delete(i)).as("counting begins anew").isEqualTo(Observed.RECORDED);
		}
		this.clock.advance(WINDOW.plusMillis(1));
		assertThat(delete(11)).isEqualTo(Observed.RECORDED);
	}

	@Test
	void theWindowEndsAlsoWhereTheClockIsSetBack() throws IOException {
		storeFiles(20);
		catalog().projector().project(List.of(), Map.of(new LogPartition(Topics.EVENTS, 0), 7L));
		this.clock.advance(Duration.ofDays(1));
		for (int i = 0; i < 3; i++) {
			assertThat(delete(i)).isEqualTo(Observed.RECORDED);
			this.clock.advance(Duration.ofSeconds(2));
			catalog().projector().project(List.of(), Map.of(new LogPartition(Topics.EVENTS, 0), 8L + i));
		}
		this.clock.advance(Duration.ofDays(-1));
		for (int i = 3; i < 5; i++) {
			assertThat(delete(i)).isEqualTo(Observed.RECORDED);
		}
		assertThat(delete(5)).as("what was counted counts on").isEqualTo(Observed.HELD);
		assertThat(catalog().holds().of(MEDIA).orElseThrow().lastGood().positions())
			.as("before the first of them, whatever the clock said then")
			.containsEntry(0, 7L);
		guard().of(MEDIA).approve(HeldNow.ALL);

		this.clock.advance(Duration.ofDays(1));
		for (int i = 6; i < 9; i++) {
			assertThat(delete(i)).isEqualTo(Observed.RECORDED);
		}
		this.clock.advance(Duration.ofDays(-1));
		assertThat(delete(9)).isEqualTo(Observed.RECORDED);
		restart();
		this.clock.advance(WINDOW.plusMillis(1));
		for (int i = 10; i < 15; i++) {
			assertThat(delete(i)).as("a window later").isEqualTo(Observed.RECORDED);
		}
	}

	@Test
	void aShareOfManyFilesIsNoBurst() throws IOException {
		storeFiles(80);
		for (int i = 0; i < 8; i++) {
			assertThat(delete(i)).isEqualTo(Observed.RECORDED);
		}
		assertThat(delete(8)).isEqualTo(Observed.HELD);
		assertThat(catalog().holds().of(MEDIA).orElseThrow().reason()).contains("more than 8 files");
	}

	@Test
	void aVolumeMayHaveLimitsOfItsOwn() {
		GuardSettings settings = new GuardSettings(WINDOW, Duration.ZERO, 20, 5, 100, 10,
				Map.of("media", new GuardSettings.OfVolume(1, null, null, 0, null)));
		assertThat(settings.of(MEDIA)).isEqualTo(new Limits(1, 5, 100, 0));
		assertThat(settings.of(new VolumeName("other"))).isEqualTo(new Limits(20, 5, 100, 10));
		assertThat(settings.of(MEDIA).deletes(1000)).isEqualTo(50);
		assertThat(settings.of(MEDIA).changes(10_000)).isEqualTo(100);
	}

	@Test
	void aProfileHasLimitsForItsVolumeAndSettingsComeFirst() {
		GuardSettings settings = new GuardSettings(WINDOW, Duration.ZERO, 20, 5, 100, 10,
				Map.of("media", new GuardSettings.OfVolume(1, null, null, null, null)));
		GuardSettings with = settings.withProfile(MEDIA, profile(WINDOW))
			.withProfile(new VolumeName("avatars"), profile(WINDOW));
		assertThat(with.of(MEDIA)).isEqualTo(new Limits(1, 7, 8, 29));
		assertThat(with.of(new VolumeName("avatars"))).isEqualTo(new Limits(6, 7, 8, 29));
		assertThat(with.of(new VolumeName("other"))).isEqualTo(new Limits(20, 5, 100, 10));
	}

	@Test
	void aVolumeIsCountedWithinTheTimeOfItsSettingOrElseOfItsProfile() {
		Duration hour = Duration.ofHours(1);
		VolumeName avatars = new VolumeName("avatars");
		GuardSettings settings = new GuardSettings(WINDOW, Duration.ZERO, 20, 5, 100, 10,
				Map.of("media", new GuardSettings.OfVolume(null, null, null, null, Duration.ofMinutes(2))));
		GuardSettings with = settings.withProfile(MEDIA, profile(hour)).withProfile(avatars, profile(hour));
		assertThat(with.windowOf(MEDIA)).isEqualTo(Duration.ofMinutes(2));
		assertThat(with.windowOf(avatars)).isEqualTo(hour);
		assertThat(with.windowOf(new VolumeName("other"))).isEqualTo(WINDOW);
		ProfileRoot.Guard two = new ProfileRoot.Guard(profile(hour).deletes(), profile(WINDOW).overwrites());
		assertThat(settings.withProfile(avatars, two).windowOf(avatars)).as("the longer of two").isEqualTo(hour);
		assertThatThrownBy(() -> new GuardSettings.OfVolume(null, null, null, null, Duration.ZERO))
			.isInstanceOf(IllegalArgumentException.class)
			.hasMessageContaining("more than 0s");
	}

	@Test
	void deletesAreCountedWithinTheTimeOfTheProfile() throws IOException {
		storeFiles(14);
		guard().close();
		this.made = new ChangeGuard(catalog(), this.locks, SETTINGS.withProfile(MEDIA, profile(WINDOW.plusSeconds(60))),
				this.clock);
		for (int i = 0; i < 6; i++) {
			assertThat(delete(i)).isEqualTo(Observed.RECORDED);
		}
		this.clock.advance(WINDOW.plusSeconds(30));
		assertThat(delete(6)).isEqualTo(Observed.HELD);
		assertThat(catalog().holds().of(MEDIA).orElseThrow().reason())
			.isEqualTo("more than 6 files were deleted within 11 min");
	}

	private static ProfileRoot.Guard profile(Duration within) {
		return new ProfileRoot.Guard(new ProfileRoot.Limit(6, 0.07, within, "few"),
				new ProfileRoot.Limit(8, 0.29, within, "some"));
	}

	@Test
	void aFileThatChangesAgainAndAgainIsOneChange() throws IOException {
		storeFiles(3);
		for (int i = 0; i < 30; i++) {
			assertThat(overwrite(0)).isEqualTo(Scanned.PUBLISHED);
		}
		assertThat(catalog().holds().all()).isEmpty();
	}

	@Test
	void tooManyOverwritesAndDeletesHoldBothButNoNewFile() throws IOException {
		storeFiles(14);
		for (int i = 0; i < 2; i++) {
			delete(i);
		}
		for (int i = 2; i < 8; i++) {
			assertThat(overwrite(i)).isEqualTo(Scanned.PUBLISHED);
		}
		assertThat(overwrite(8)).isEqualTo(Scanned.HELD_BACK);
		assertThat(overwrite(9)).isEqualTo(Scanned.HELD_BACK);
		assertThat(delete(10)).isEqualTo(Observed.HELD);
		assertThat(digest(8)).as("what is known is what was good").isEqualTo(Digest.of(bytes("good 8")));
		assertThat(write("new", "new", Scanned.PUBLISHED)).isEqualTo(Scanned.PUBLISHED);
		assertThat(catalog().holds().of(MEDIA).orElseThrow().kind()).isEqualTo(Hold.Kind.CHANGES);
		assertThat(catalog().holds().counts(null)).isEqualTo(new HeldCounts(1, 2, 0, 0));

		restart();
		assertThat(overwrite(11)).isEqualTo(Scanned.HELD_BACK);
		Files.writeString(this.root.resolve(name(8)), "good 8");
		assertThat(check(name(8))).as("the good bytes are back").isEqualTo(Scanned.SAME_BYTES);
		assertThat(catalog().holds().counts(null)).isEqualTo(new HeldCounts(1, 2, 0, 0));
	}

	@Test
	void aHoldOfDeletesBecomesOneOfAllChanges() throws IOException {
		storeFiles(14);
		for (int i = 0; i < 6; i++) {
			delete(i);
		}
		Hold deletes = catalog().holds().of(MEDIA).orElseThrow();
		this.clock.advance(Duration.ofMinutes(1));
		assertThat(overwrite(6)).isEqualTo(Scanned.PUBLISHED);
		assertThat(overwrite(7)).isEqualTo(Scanned.PUBLISHED);
		assertThat(overwrite(8)).isEqualTo(Scanned.HELD_BACK);
		Hold changes = catalog().holds().of(MEDIA).orElseThrow();
		assertThat(changes.kind()).isEqualTo(Hold.Kind.CHANGES);
		assertThat(changes.since()).isEqualTo(deletes.since());
		assertThat(changes.lastGood()).isEqualTo(deletes.lastGood());
	}

	@Test
	void whatIsApprovedIsRecordedAsFarAsItStillHolds() throws IOException {
		storeFiles(14);
		for (int i = 0; i < 7; i++) {
			delete(i);
		}
		for (int i = 7; i < 12; i++) {
			overwrite(i);
		}
		assertThat(catalog().holds().counts(MEDIA)).isEqualTo(new HeldCounts(2, 4, 0, 0));
		Files.writeString(this.root.resolve(name(5)), "good 5");

		guard().of(MEDIA).approve(HeldNow.ALL);
		restart();
		assertThat(catalog().holds().all()).isEmpty();
		assertThat(catalog().holds().counts(MEDIA)).isEqualTo(new HeldCounts(0, 0, 6, 0));
		try (Approvals approvals = new Approvals(catalog(), List.of(media()), this.locks,
				(volume, id) -> fileCheck().check(volume, id, Origin.SCAN) != Scanned.BEING_WRITTEN)) {
			approvals.start();
			Awaitility.await()
				.atMost(Duration.ofMinutes(1))
				.until(() -> catalog().holds().counts(MEDIA).equals(new HeldCounts(0, 0, 0, 0)));
		}
		assertThat(event(name(5))).as("there again").isInstanceOf(MediaStored.class);
		assertThat(event(name(6))).isInstanceOfSatisfying(MediaDeleted.class,
				(deleted) -> assertThat(deleted.evidence()).isEqualTo(Evidence.APPROVED));
		for (int i = 8; i < 12; i++) {
			assertThat(digest(i)).isNotEqualTo(Digest.of(bytes("good " + i)));
		}
	}

	@Test
	void whatIsApprovedAndSeenAgainIsStillRecordedAsApproved() throws IOException {
		storeFiles(7);
		for (int i = 0; i < 6; i++) {
			delete(i);
		}
		guard().of(MEDIA).approve(HeldNow.ALL);
		assertThat(observe(name(5))).as("seen again, with its directory").isEqualTo(Observed.HELD);
		assertThat(event(name(5))).isInstanceOf(MediaStored.class);
		try (Approvals approvals = new Approvals(catalog(), List.of(media()), this.locks, (_, _) -> true)) {
			approvals.start();
			Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> event(name(5)) instanceof MediaDeleted);
		}
		assertThat(((MediaDeleted) event(name(5))).evidence()).isEqualTo(Evidence.APPROVED);
	}

	@Test
	void aDeleteOfAFileWhoseOverwriteIsApprovedIsADeleteOfItsOwn() throws IOException {
		storeFiles(14);
		for (int i = 0; i < 10; i++) {
			overwrite(i);
		}
		guard().of(MEDIA).approve(HeldNow.ALL);
		assertThat(delete(8)).isEqualTo(Observed.RECORDED);
		assertThat(((MediaDeleted) event(name(8))).evidence()).isEqualTo(Evidence.OBSERVED);
		for (int i = 0; i < 4; i++) {
			assertThat(delete(i)).isEqualTo(Observed.RECORDED);
		}
		assertThat(delete(9)).as("beyond the limit").isEqualTo(Observed.HELD);
		assertThat(catalog().holds().counts(MEDIA)).isEqualTo(new HeldCounts(1, 0, 0, 0));
	}

	@Test
	void whatIsApprovedWaitsForItsVolume() throws IOException {
		storeFiles(7);
		for (int i = 0; i < 6; i++) {
			delete(i);
		}
		guard().of(MEDIA).approve(HeldNow.ALL);
		Path marker = this.root.resolve(".holdfast/volume.json");
		Files.move(marker, this.directory.resolve("marker"));
		try (Approvals approvals = new Approvals(catalog(), List.of(media()), this.locks, (_, _) -> true)) {
			approvals.start();
			Awaitility.await()
				.atMost(Duration.ofMinutes(1))
				.during(Duration.ofMillis(200))
				.until(() -> catalog().holds().counts(MEDIA).approved() == 1);
			Files.move(this.directory.resolve("marker"), marker);
			approvals.wake();
			Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> event(name(5)) instanceof MediaDeleted);
		}
	}

	@Test
	void aLookThatFailsDoesNotEndTheWorkOnWhatIsApproved() throws Exception {
		storeFiles(7);
		for (int i = 0; i < 6; i++) {
			delete(i);
		}
		guard().of(MEDIA).approve(HeldNow.ALL);
		AtomicBoolean failing = new AtomicBoolean(true);
		CountDownLatch failed = new CountDownLatch(1);
		try (Approvals approvals = new Approvals(catalog(), List.of(media()), this.locks, (_, _) -> true, (volume) -> {
			if (failing.getAndSet(false)) {
				failed.countDown();
				throw new IllegalStateException("a fault");
			}
			return volume.state();
		})) {
			approvals.start();
			assertThat(failed.await(1, TimeUnit.MINUTES)).isTrue();
			approvals.wake();
			Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> event(name(5)) instanceof MediaDeleted);
		}
	}

	@Test
	void aDecisionIsAboutWhatWasShownAndTheRestWaitsOn() throws IOException {
		storeFiles(20);
		for (int i = 0; i < 8; i++) {
			delete(i);
		}
		long shown = catalog().holds().now(MEDIA, HeldNow.ALL).asOf();
		for (int i = 8; i < 14; i++) {
			overwrite(i);
		}
		assertThat(catalog().holds().counts(MEDIA)).isEqualTo(new HeldCounts(3, 6, 0, 0));
		assertThat(catalog().holds().now(MEDIA, shown).counts()).isEqualTo(new HeldCounts(3, 0, 0, 0));

		assertThat(guard().of(MEDIA).approve(shown)).isEqualTo(new Decided(3, 0, new HeldCounts(0, 6, 3, 0)));
		assertThat(catalog().holds().of(MEDIA)).as("the rest is held still").isPresent();
		assertThat(overwrite(15)).isEqualTo(Scanned.HELD_BACK);
		restart();
		assertThat(overwrite(16)).isEqualTo(Scanned.HELD_BACK);
		shown = catalog().holds().now(MEDIA, HeldNow.ALL).asOf();
		assertThat(delete(17)).isEqualTo(Observed.HELD);

		assertThat(guard().of(MEDIA).reject(shown)).isEqualTo(new Decided(0, 8, new HeldCounts(1, 0, 3, 8)));
		assertThat(delete(18)).isEqualTo(Observed.HELD);
		assertThat(guard().of(MEDIA).approve(HeldNow.ALL)).isEqualTo(new Decided(2, 0, new HeldCounts(0, 0, 5, 8)));
		assertThat(catalog().holds().all()).isEmpty();
		assertThat(overwrite(19)).isEqualTo(Scanned.PUBLISHED);
	}

	@Test
	void whatWasShownIsNeverMistakenForWhatIsHeldLater() throws IOException {
		storeFiles(14);
		for (int i = 0; i < 9; i++) {
			overwrite(i);
		}
		HeldNow shown = catalog().holds().now(MEDIA, HeldNow.ALL);
		assertThat(shown.latest()).isEqualTo(NOON);
		Files.writeString(this.root.resolve(name(8)), "good 8");
		check(name(8));
		this.clock.advance(Duration.ofMinutes(-1));
		assertThat(overwrite(9)).as("at an earlier time, after the only one before it went")
			.isEqualTo(Scanned.HELD_BACK);
		assertThat(overwrite(8)).as("the same file, and other bytes").isEqualTo(Scanned.HELD_BACK);

		assertThat(guard().of(MEDIA).approve(shown.asOf())).isEqualTo(new Decided(0, 0, new HeldCounts(0, 2, 0, 0)));
	}

	@Test
	void whatIsWrittenAfterTheApprovalIsNotApproved() throws IOException {
		storeFiles(20);
		for (int i = 0; i < 10; i++) {
			overwrite(i);
		}
		guard().of(MEDIA).approve(HeldNow.ALL);
		for (int i = 10; i < 18; i++) {
			assertThat(overwrite(i)).isEqualTo(Scanned.PUBLISHED);
		}
		assertThat(check(name(9))).as("what was seen").isEqualTo(Scanned.PUBLISHED);
		assertThat(overwrite(8)).as("what nobody has seen").isEqualTo(Scanned.HELD_BACK);
	}

	@Test
	void whatIsRejectedStaysAsItWasUntilItChangesAgain() throws IOException {
		storeFiles(14);
		for (int i = 0; i < 12; i++) {
			overwrite(i);
		}
		delete(13);
		assertThat(catalog().holds().counts(MEDIA)).isEqualTo(new HeldCounts(1, 4, 0, 0));
		guard().of(MEDIA).reject(HeldNow.ALL);
		restart();
		assertThat(catalog().holds().counts(MEDIA)).isEqualTo(new HeldCounts(0, 0, 0, 4));
		assertThat(catalog().holds().all()).isEmpty();
		this.clock.advance(WINDOW.plusSeconds(1));

		assertThat(check(name(9))).as("found by a scan").isEqualTo(Scanned.HELD_BACK);
		assertThat(digest(9)).isEqualTo(Digest.of(bytes("good 9")));
		assertThat(catalog().holds().all()).as("no new hold").isEmpty();
		Files.writeString(this.root.resolve(name(9)), "good 9");
		assertThat(check(name(9))).isEqualTo(Scanned.SAME_BYTES);
		assertThat(overwrite(10)).as("a change of its own").isEqualTo(Scanned.PUBLISHED);
		assertThat(catalog().holds().counts(MEDIA)).isEqualTo(new HeldCounts(0, 0, 0, 2));
		assertThat(event(name(13))).as("missing, not deleted").isInstanceOf(MediaStored.class);
	}

	@Test
	void whatIsRejectedStaysSoWhateverBecomesOfItsOwnerItsLinksAndItsPlaceOnTheDisk() throws IOException {
		storeFiles(14);
		for (int i = 0; i < 12; i++) {
			overwrite(i);
		}
		guard().of(MEDIA).reject(HeldNow.ALL);
		restart();
		this.clock.advance(WINDOW.plusSeconds(1));

		touchInEveryWay(8);
		assertThat(check(name(8))).isEqualTo(Scanned.HELD_BACK);
		assertThat(catalog().holds().find(id(name(8))).orElseThrow().stamp()).as("the new stamp is known")
			.isEqualTo(stamp(8));
		restart();
		touchInEveryWay(8);
		assertThat(check(name(8))).as("after a restart").isEqualTo(Scanned.HELD_BACK);
		assertThat(digest(8)).isEqualTo(Digest.of(bytes("good 8")));
		assertThat(catalog().holds().counts(MEDIA)).isEqualTo(new HeldCounts(0, 0, 0, 4));
		assertThat(catalog().holds().counted(MEDIA, this.clock.instant().minus(WINDOW))).as("no change").isEmpty();
		assertThat(overwrite(8)).as("other bytes").isEqualTo(Scanned.PUBLISHED);
	}

	@Test
	void whatWaitsIsOneChangeForAsLongAsItHasTheSameBytes() throws IOException {
		storeFiles(14);
		for (int i = 0; i < 12; i++) {
			overwrite(i);
		}
		HeldFile before = catalog().holds().find(id(name(8))).orElseThrow();
		this.clock.advance(Duration.ofMinutes(1));
		touchInEveryWay(8);

		assertThat(check(name(8))).isEqualTo(Scanned.HELD_BACK);
		assertThat(catalog().holds().counts(MEDIA)).isEqualTo(new HeldCounts(0, 4, 0, 0));
		HeldFile after = catalog().holds().find(id(name(8))).orElseThrow();
		assertThat(after.at()).as("seen first").isEqualTo(before.at());
		assertThat(after.stamp()).isEqualTo(stamp(8));
	}

	/**
	 * What chmod, ln and a copy to another disk do to a file without touching its bytes.
	 */
	private void touchInEveryWay(int number) throws IOException {
		Path file = this.root.resolve(name(number));
		FileStamp before = stamp(number);
		Path copy = Files.copy(file, this.directory.resolve("copy"), StandardCopyOption.COPY_ATTRIBUTES);
		Files.move(copy, file, StandardCopyOption.REPLACE_EXISTING);
		Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
		Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
		assertThat(stamp(number)).as("ctime and inode").isNotEqualTo(before);
	}

	private FileStamp stamp(int number) throws IOException {
		try (Place place = media().find(id(name(number))).orElseThrow()) {
			return place.stat().orElseThrow().stamp();
		}
	}

	@Test
	void aRejectionDoesNotLetTheNextOnesThrough() throws IOException {
		storeFiles(14);
		for (int i = 0; i < 10; i++) {
			overwrite(i);
		}
		guard().of(MEDIA).reject(HeldNow.ALL);
		assertThat(overwrite(11)).isEqualTo(Scanned.HELD_BACK);
		assertThat(catalog().holds().all()).hasSize(1);
	}

	@Test
	void aRejectionLongAfterTheFirstChangeDoesNotLetTheNextOnesThrough() throws IOException {
		storeFiles(20);
		for (int i = 0; i < 10; i++) {
			overwrite(i);
		}
		Hold first = catalog().holds().of(MEDIA).orElseThrow();
		this.clock.advance(WINDOW.multipliedBy(3));
		assertThat(overwrite(10)).isEqualTo(Scanned.HELD_BACK);
		this.clock.advance(WINDOW.minusSeconds(1));
		guard().of(MEDIA).reject(HeldNow.ALL);
		restart();

		assertThat(overwrite(11)).as("it goes on").isEqualTo(Scanned.HELD_BACK);
		Hold second = catalog().holds().of(MEDIA).orElseThrow();
		assertThat(second.kind()).isEqualTo(Hold.Kind.CHANGES);
		assertThat(second.since()).isEqualTo(this.clock.instant());
		assertThat(second.lastGood()).as("of what happened, before all of it").isEqualTo(first.lastGood());
		assertThat(second.reason()).isEqualTo("changes went on within 10 min of rejected ones");

		guard().of(MEDIA).reject(HeldNow.ALL);
		this.clock.advance(WINDOW.plusMillis(1));
		assertThat(overwrite(12)).as("a window later").isEqualTo(Scanned.PUBLISHED);
	}

	@Test
	void overwritesGoOnAfterDeletesWereRejectedAndDeletesDoNot() throws IOException {
		storeFiles(20);
		for (int i = 0; i < 6; i++) {
			delete(i);
		}
		guard().of(MEDIA).reject(HeldNow.ALL);
		this.clock.advance(WINDOW);
		assertThat(overwrite(10)).isEqualTo(Scanned.PUBLISHED);
		assertThat(delete(11)).isEqualTo(Observed.HELD);
		guard().of(MEDIA).approve(HeldNow.ALL);
		assertThat(delete(12)).as("approved since").isEqualTo(Observed.RECORDED);
	}

	@Test
	void aDeleteThatIsHeldIsOfAFileThatIsMissingSoThatItsDirectoryTakesNothingAlong() throws IOException {
		for (int i = 0; i < 8; i++) {
			store("dir/" + i, "good " + i);
		}
		for (int i = 0; i < 7; i++) {
			Files.delete(this.root.resolve("dir/" + i));
			observe("dir/" + i);
		}
		assertThat(catalog().find(id("dir/6")).orElseThrow().missing()).isEqualTo(NOON);
		assertThat(catalog().totals().missing().files()).isEqualTo(2);
		guard().of(MEDIA).reject(HeldNow.ALL);
		this.clock.advance(WINDOW.multipliedBy(2));
		remove(this.root.resolve("dir"));

		guard().directoryGone(media(), "dir", generation());

		assertThat(event("dir/5")).as("somebody said that it is to be kept").isInstanceOf(MediaStored.class);
		assertThat(event("dir/6")).isInstanceOf(MediaStored.class);
		assertThat(event("dir/7")).isInstanceOf(MediaDeleted.class);
		assertThat(catalog().totals().missing().files()).isEqualTo(2);
	}

	@Test
	void rejectedBytesThatWereAwayForAWhileAreRejectedStill() throws IOException {
		rejectOverwritesOf8To11();
		Path away = this.directory.resolve("away");
		Files.move(this.root.resolve(name(8)), away);

		assertThat(observe(name(8))).as("what went is not what is recorded").isEqualTo(Observed.MISSING);
		assertThat(event(name(8))).isInstanceOf(MediaStored.class);
		assertThat(catalog().find(id(name(8))).orElseThrow().missing()).isEqualTo(this.clock.instant());
		assertThat(catalog().holds().counts(MEDIA)).isEqualTo(new HeldCounts(0, 0, 0, 3));
		restart();
		Files.move(away, this.root.resolve(name(8)));
		touchInEveryWay(8);
		assertThat(check(name(8))).isEqualTo(Scanned.HELD_BACK);
		assertThat(digest(8)).isEqualTo(Digest.of(bytes("good 8")));
		assertThat(catalog().find(id(name(8))).orElseThrow().missing()).as("it is there").isNull();
		assertThat(catalog().holds().counts(MEDIA)).isEqualTo(new HeldCounts(0, 0, 0, 4));
		assertThat(catalog().holds().all()).as("no new hold").isEmpty();

		Files.writeString(this.root.resolve(name(8)), "good 8");
		assertThat(check(name(8))).isEqualTo(Scanned.SAME_BYTES);
		assertThat(delete(8)).as("a file like any other again").isEqualTo(Observed.RECORDED);
	}

	@Test
	void bytesAreRejectedStillAfterOthersWereRejectedToo() throws IOException {
		storeFiles(14);
		for (int i = 0; i < 10; i++) {
			overwrite(i);
		}
		guard().of(MEDIA).reject(HeldNow.ALL);
		String first = Files.readString(this.root.resolve(name(8)));
		assertThat(overwrite(8)).isEqualTo(Scanned.HELD_BACK);
		assertThat(catalog().holds().counts(MEDIA)).as("others, which nobody has seen")
			.isEqualTo(new HeldCounts(0, 1, 0, 1));
		guard().of(MEDIA).reject(HeldNow.ALL);
		this.clock.advance(WINDOW.plusMillis(1));

		Files.writeString(this.root.resolve(name(8)), first);
		assertThat(check(name(8))).isEqualTo(Scanned.HELD_BACK);
		assertThat(catalog().holds().all()).isEmpty();
		assertThat(digest(8)).isEqualTo(Digest.of(bytes("good 8")));
	}

	@Test
	void aFileWithRejectedBytesThatIsRenamedLeavesWhatIsRecordedAlone() throws IOException {
		rejectOverwritesOf8To11();
		Files.move(this.root.resolve(name(8)), this.root.resolve("moved"));
		assertThat(check("moved")).isEqualTo(Scanned.PUBLISHED);

		assertThat(guard().moved(media(), id(name(8)), id("moved"), generation())).isEqualTo(Observed.MISSING);
		assertThat(digest(8)).isEqualTo(Digest.of(bytes("good 8")));
	}

	private void rejectOverwritesOf8To11() throws IOException {
		storeFiles(14);
		for (int i = 0; i < 12; i++) {
			overwrite(i);
		}
		guard().of(MEDIA).reject(HeldNow.ALL);
		this.clock.advance(WINDOW.plusMillis(1));
	}

	@Test
	void aRenameLosesNothingAndCountsTowardsNoLimit() throws IOException {
		storeFiles(20);
		for (int i = 0; i < 20; i++) {
			Files.move(this.root.resolve(name(i)), this.root.resolve("moved-" + i));
			assertThat(check("moved-" + i)).isEqualTo(Scanned.PUBLISHED);
			assertThat(guard().moved(media(), id(name(i)), id("moved-" + i), generation()))
				.isEqualTo(Observed.RECORDED);
		}
		assertThat(catalog().holds().all()).isEmpty();

		for (int i = 0; i < 6; i++) {
			Files.delete(this.root.resolve("moved-" + i));
			Observed became = guard().moved(media(), id("moved-" + i), id("moved-19"), generation());
			assertThat(became).as("other bytes there").isEqualTo((i < 5) ? Observed.RECORDED : Observed.HELD);
		}
	}

	@Test
	void aDirectoryThatGoesTakesItsFilesAlongAndNoOthers() throws IOException {
		store("dir/a", "1");
		store("dir/deep/b", "2");
		store("dir2/c", "3");
		store("dir.txt", "4");
		remove(this.root.resolve("dir"));
		guard().directoryGone(media(), "dir", generation());
		assertThat(event("dir/a")).isInstanceOf(MediaDeleted.class);
		assertThat(event("dir/deep/b")).isInstanceOf(MediaDeleted.class);
		assertThat(event("dir2/c")).isInstanceOf(MediaStored.class);
		assertThat(event("dir.txt")).isInstanceOf(MediaStored.class);
	}

	@Test
	void aFileThatWasMissingBeforeItsDirectoryWentWasNotSeenToGo() throws IOException {
		store("dir/lost", "1");
		store("dir/there", "2");
		Files.delete(this.root.resolve("dir/lost"));
		catalog().scanRecords().markMissing(List.of(catalog().find(id("dir/lost")).orElseThrow()), NOON);
		remove(this.root.resolve("dir"));

		guard().directoryGone(media(), "dir", media().generation());

		assertThat(event("dir/lost")).isInstanceOf(MediaStored.class);
		assertThat(catalog().find(id("dir/lost")).orElseThrow().missing()).isEqualTo(NOON);
		assertThat(event("dir/there")).isInstanceOf(MediaDeleted.class);
		assertThat(guard().count(Observed.RECORDED)).isOne();
	}

	@Test
	void aFileThatWasMissingAndCameBackIsSeenToGo() throws IOException {
		store("a", "1");
		catalog().scanRecords().markMissing(List.of(catalog().find(id("a")).orElseThrow()), NOON);
		assertThat(check("a")).as("takes the mark").isEqualTo(Scanned.UNCHANGED);
		assertThat(catalog().find(id("a")).orElseThrow().missing()).isNull();

		catalog().scanRecords().markMissing(List.of(catalog().find(id("a")).orElseThrow()), NOON);
		Files.delete(this.root.resolve("a"));
		assertThat(observe("a")).as("its own name was seen to go before it was looked at").isEqualTo(Observed.RECORDED);
	}

	@Test
	void ofABurstNotEvenTheFirstIsRecorded() throws IOException {
		storeFiles(12);
		delay(Duration.ofMillis(500));
		for (int i = 0; i < 12; i++) {
			assertThat(delete(i)).isEqualTo((i < 5) ? Observed.DELAYED : Observed.HELD);
		}
		Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> guard().count(Observed.HELD) == 12);
		assertThat(catalog().holds().counts(MEDIA).deletes()).isEqualTo(12);
		assertThat(guard().count(Observed.RECORDED)).isZero();
	}

	@Test
	void aDelayedDeleteIsRecordedWhereItStillHolds() throws IOException {
		storeFiles(3);
		delay(Duration.ofMillis(300));
		assertThat(delete(0)).isEqualTo(Observed.DELAYED);
		assertThat(delete(1)).isEqualTo(Observed.DELAYED);
		Files.writeString(this.root.resolve(name(1)), "good 1");
		Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> event(name(0)) instanceof MediaDeleted);
		Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> guard().count(Observed.PRESENT) == 1);
		assertThat(event(name(1))).isInstanceOf(MediaStored.class);
	}

	@Test
	void aDelayedDeleteIsForgottenWhereTheVolumeWasReplacedMeanwhile() throws IOException {
		storeFiles(1);
		delay(Duration.ofMillis(300));
		assertThat(delete(0)).isEqualTo(Observed.DELAYED);
		Path marker = this.root.resolve(".holdfast/volume.json");
		Files.move(marker, this.directory.resolve("marker"));
		assertThat(media().state()).isInstanceOf(VolumeState.NotAvailable.class);
		Files.move(this.directory.resolve("marker"), marker);
		assertThat(media().state()).isInstanceOf(VolumeState.Available.class);
		Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> guard().count(Observed.NOT_AVAILABLE) == 1);
		assertThat(event(name(0))).isInstanceOf(MediaStored.class);
	}

	@Test
	void whatIsDelayedIsDecidedAtTheEnd() throws IOException {
		storeFiles(1);
		delay(Duration.ofMinutes(5));
		assertThat(delete(0)).isEqualTo(Observed.DELAYED);
		guard().close();
		assertThat(event(name(0))).isInstanceOf(MediaDeleted.class);
	}

	private void delay(Duration delay) {
		guard().close();
		this.made = new ChangeGuard(catalog(), this.locks, settings(delay), this.clock);
	}

	/** Five deletes, eight changes; of many files ten and twenty of a hundred. */
	private static GuardSettings settings(Duration delay) {
		return new GuardSettings(WINDOW, delay, 5, 10, 8, 20, Map.of());
	}

	private static MediaId id(String path) {
		return MediaId.of("media", path);
	}

	private static String name(int number) {
		return "file-%02d".formatted(number);
	}

	private static byte[] bytes(String content) {
		return content.getBytes(StandardCharsets.UTF_8);
	}

	private FileCheck fileCheck() {
		return new FileCheck(catalog(), this.locks, Clock.systemUTC(),
				new ScanSettings(true, Duration.ZERO, Duration.ZERO, Duration.ZERO, 100, 0, 0, DataSize.ofBytes(0)),
				WriterProbe.NONE, guard()::admitOverwrite);
	}

	private Scanned check(String path) throws IOException {
		return fileCheck().check(media(), id(path), Origin.WATCH);
	}

	private void storeFiles(int number) throws IOException {
		for (int i = 0; i < number; i++) {
			store(name(i), "good " + i);
		}
	}

	private void store(String path, String content) throws IOException {
		assertThat(write(path, content, Scanned.PUBLISHED)).isEqualTo(Scanned.PUBLISHED);
	}

	private Scanned write(String path, String content, Scanned expected) throws IOException {
		Path file = this.root.resolve(path);
		Files.createDirectories(Objects.requireNonNull(file.getParent()));
		Files.writeString(file, content);
		Scanned found = check(path);
		assertThat(found).isEqualTo(expected);
		return found;
	}

	private Scanned overwrite(int number) throws IOException {
		Files.writeString(this.root.resolve(name(number)), "junk " + System.nanoTime());
		return check(name(number));
	}

	private Observed delete(int number) throws IOException {
		Files.delete(this.root.resolve(name(number)));
		return observe(name(number));
	}

	private Observed observe(String path) throws IOException {
		return guard().deleteObserved(media(), id(path), generation());
	}

	private long generation() {
		// Whoever sees a delete has looked before whether the volume is there.
		media().state();
		return media().generation();
	}

	private MediaEvent.OfFile event(String path) {
		return catalog().find(id(path)).orElseThrow().event();
	}

	private Digest digest(int number) {
		return ((MediaStored) event(name(number))).digest();
	}

	private static void remove(Path directory) throws IOException {
		try (Stream<Path> tree = Files.walk(directory)) {
			for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
				Files.delete(path);
			}
		}
	}

	/** Stands still until it is set on. */
	private static final class SetClock extends Clock {

		private Instant now = NOON;

		void advance(Duration by) {
			this.now = this.now.plus(by);
		}

		@Override
		public Instant instant() {
			return this.now;
		}

		@Override
		public ZoneId getZone() {
			return ZoneOffset.UTC;
		}

		@Override
		public Clock withZone(ZoneId zone) {
			return this;
		}

	}

}
