package dev.holdfast.app.catalog;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;

import dev.holdfast.model.CloudEventCodec;
import dev.holdfast.model.MediaDeleted;
import dev.holdfast.model.MediaId;
import dev.holdfast.model.MediaStored;
import dev.holdfast.model.Version;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class CatalogTest {

	private static final MediaId LOGO = Samples.id("base/logo.png");

	@TempDir
	Path directory;

	private Catalog catalog;

	@BeforeEach
	void open() {
		this.catalog = Catalog.open(this.directory, Clock.systemUTC());
	}

	@AfterEach
	void close() {
		this.catalog.close();
	}

	@Test
	void aStoredFileIsFoundAsItWasRecorded() {
		MediaStored stored = store(LOGO, "first");

		assertThat(this.catalog.find(LOGO)).contains(new CatalogEntry(stored, Samples.stamp("first")));
		assertThat(this.catalog.find(Samples.id("base/other.png"))).isEmpty();
	}

	@Test
	void aDeletedFileIsFoundAsDeleted() {
		store(LOGO, "first");
		MediaDeleted deleted = this.catalog.recordDeleted(LOGO, Samples.deleted(LOGO));

		assertThat(this.catalog.find(LOGO)).contains(new CatalogEntry(deleted, null));
	}

	@Test
	void everythingIsThereAfterTheCatalogIsOpenedAgain() throws Exception {
		MediaStored stored = store(LOGO, "first");
		this.catalog.close();
		open();

		assertThat(this.catalog.find(LOGO)).contains(new CatalogEntry(stored, Samples.stamp("first")));
		assertThat(this.catalog.outboxAfter(0, 10)).singleElement()
			.satisfies((event) -> assertThat(new CloudEventCodec().decodeEvent(event.value())).isEqualTo(stored));
	}

	@Test
	void versionsOfAFileIncreaseAlthoughTheClockGoesBack() {
		this.catalog.close();
		SettableClock clock = new SettableClock(Instant.parse("2026-11-22T12:00:00Z"));
		this.catalog = Catalog.open(this.directory, clock);
		Version first = store(LOGO, "first").version();
		this.catalog.close();
		clock.set(Instant.parse("2026-11-22T11:00:00Z"));
		this.catalog = Catalog.open(this.directory, clock);

		assertThat(store(LOGO, "second").version()).isGreaterThan(first);
	}

	@Test
	void concurrentWritersOfOneFileGetDifferentVersionsAndTheOutboxHoldsThemInOrder() throws Exception {
		int writers = 24;
		CyclicBarrier together = new CyclicBarrier(writers);
		List<Future<MediaStored>> results = new ArrayList<>();
		try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
			for (int i = 0; i < writers; i++) {
				String content = "content " + i;
				results.add(threads.submit(() -> {
					together.await();
					return store(LOGO, content);
				}));
			}
		}
		Set<Version> versions = results.stream()
			.map(CatalogTest::done)
			.map(MediaStored::version)
			.collect(Collectors.toSet());

		assertThat(versions).hasSize(writers);
		List<Version> queued = this.catalog.outboxAfter(0, 100).stream().map(CatalogTest::versionOf).toList();
		assertThat(queued).isSorted().hasSize(writers);
		assertThat(this.catalog.find(LOGO).orElseThrow().event().version()).isEqualTo(queued.getLast());
	}

	@Test
	void anEventThatCannotBeMadeLeavesNothingBehindAndFailsAlone() {
		assertThatIllegalStateException().isThrownBy(() -> this.catalog.recordStored(LOGO, Samples.stamp("x"), (_) -> {
			throw new IllegalStateException("no event");
		}));
		MediaId other = Samples.id("other");

		assertThatThrownBy(
				() -> this.catalog.recordStored(LOGO, Samples.stamp("x"), Samples.stored(other, "of another file")))
			.isInstanceOf(IllegalArgumentException.class);
		assertThat(this.catalog.find(LOGO)).isEmpty();
		assertThat(this.catalog.outboxAfter(0, 10)).isEmpty();
		store(LOGO, "works");
	}

	@Test
	void aSecondProcessIsRefusedWithARemedy() {
		assertThatThrownBy(() -> Catalog.open(this.directory, Clock.systemUTC())).isInstanceOf(CatalogException.class)
			.hasMessageContaining("Another Holdfast")
			.hasMessageContaining(this.directory.toString());
	}

	@Test
	void aWaitEndsWhenALaterVersionTakesItsPlace() throws Exception {
		MediaStored first = store(LOGO, "first");
		try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
			Future<ReplicaState> waiting = threads
				.submit(() -> this.catalog.awaitSettled(LOGO, first.version(), Duration.ofMinutes(1)));
			store(LOGO, "second");
			assertThat(waiting.get()).isEqualTo(ReplicaState.SUPERSEDED);
		}
	}

	@Test
	void aWaitEndsWithTheTime() throws Exception {
		MediaStored stored = store(LOGO, "first");

		assertThat(this.catalog.awaitSettled(LOGO, stored.version(), Duration.ofMillis(5)))
			.isEqualTo(ReplicaState.PENDING);
	}

	@Test
	void aFullDiskRefusesTheUploadAndHarmsNothingElse() {
		this.catalog.write(CatalogWriter.Durability.COMMITTED,
				(tx) -> tx.session().number("PRAGMA max_page_count = 1"));
		List<MediaStored> stored = new ArrayList<>();
		assertThatThrownBy(() -> {
			for (int i = 0; i < 10_000; i++) {
				stored.add(store(Samples.id("file-" + i), "content"));
			}
		}).isInstanceOf(CatalogFullException.class).hasMessageContaining("full");
		assertThat(this.catalog.totals().pending().files()).isEqualTo(stored.size());
		assertThat(this.catalog.outboxAfter(0, 10_000)).hasSize(stored.size());
		assertThat(this.catalog.find(Samples.id("file-" + stored.size()))).isEmpty();

		this.catalog.write(CatalogWriter.Durability.COMMITTED,
				(tx) -> tx.session().number("PRAGMA max_page_count = 1000000"));
		store(Samples.id("file-" + stored.size()), "content");
		assertThat(this.catalog.totals().pending().files()).isEqualTo(stored.size() + 1);
	}

	@Test
	void aDamagedCatalogIsRefusedWithARemedy() throws Exception {
		this.catalog.close();
		Path file = this.directory.resolve("catalog.db");
		Files.write(file, "this is no database, this is no database".repeat(200).getBytes(StandardCharsets.UTF_8));
		Files.deleteIfExists(this.directory.resolve("catalog.db-wal"));

		assertThatThrownBy(() -> Catalog.open(this.directory, Clock.systemUTC())).isInstanceOf(CatalogException.class)
			.hasMessageContaining("moved away")
			.hasMessageContaining(file.toString());
		Files.delete(file);
		open();
	}

	@Test
	void aClosedCatalogSaysSo() {
		this.catalog.close();

		assertThatThrownBy(() -> store(LOGO, "late")).isInstanceOf(CatalogException.class)
			.hasMessageContaining("closed");
	}

	private MediaStored store(MediaId id, String content) {
		return this.catalog.recordStored(id, Samples.stamp(content), Samples.stored(id, content));
	}

	private static MediaStored done(Future<MediaStored> result) {
		try {
			return result.get();
		}
		catch (InterruptedException | ExecutionException ex) {
			throw new AssertionError(ex);
		}
	}

	private static Version versionOf(OutboxEvent event) {
		try {
			return new CloudEventCodec().decodeEvent(event.value()).version();
		}
		catch (Exception ex) {
			throw new AssertionError(ex);
		}
	}

	private static final class SettableClock extends Clock {

		private Instant now;

		private SettableClock(Instant now) {
			this.now = now;
		}

		private void set(Instant moment) {
			this.now = moment;
		}

		@Override
		public Instant instant() {
			return this.now;
		}

		@Override
		public ZoneOffset getZone() {
			return ZoneOffset.UTC;
		}

		@Override
		public Clock withZone(java.time.ZoneId zone) {
			return this;
		}

	}

}
