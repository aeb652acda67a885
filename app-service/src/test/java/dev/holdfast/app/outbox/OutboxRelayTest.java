package dev.holdfast.app.outbox;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.stream.Collectors;

import dev.holdfast.app.catalog.Catalog;
import dev.holdfast.app.catalog.FileStamp;
import dev.holdfast.model.CloudEventCodec;
import dev.holdfast.model.Digest;
import dev.holdfast.model.MalformedEventException;
import dev.holdfast.model.MediaEvent;
import dev.holdfast.model.MediaId;
import dev.holdfast.model.MediaStored;
import dev.holdfast.model.Origin;
import dev.holdfast.model.Version;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class OutboxRelayTest {

	@TempDir
	Path directory;

	private Catalog catalog;

	private final FakeLog log = new FakeLog();

	private @Nullable OutboxRelay relay;

	@BeforeEach
	void open() {
		this.catalog = Catalog.open(this.directory, Clock.systemUTC());
	}

	@AfterEach
	void close() {
		stopRelay();
		this.log.close();
		this.catalog.close();
	}

	@Test
	void everythingIsPublishedInOrderPerFileAlthoughSendsFail() {
		long seed = System.nanoTime();
		Random random = new Random(seed);
		this.log.failures = new Random(seed + 1);
		startRelay();
		for (int i = 0; i < 300; i++) {
			store("file-" + random.nextInt(5), "content " + i);
		}
		awaitEmptyOutbox();

		for (Map.Entry<MediaId, List<Version>> file : this.log.byFile().entrySet()) {
			assertThat(file.getValue()).as("versions of %s, seed %d", file.getKey(), seed).isSorted();
			assertThat(new HashSet<>(file.getValue())).as("published once at least, seed %d", seed)
				.hasSize(this.recorded(file.getKey()));
		}
		assertThat(this.log.attempts).as("some sends failed, seed %d", seed).isGreaterThan(300);
	}

	@Test
	void anEventIsNotSentBeforeTheOneBeforeItOfItsFileIsAcknowledged() {
		this.log.hold = true;
		startRelay();
		store("a", "first");
		store("a", "second");
		store("b", "other");
		Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> this.log.held.size() == 2);

		assertThat(this.log.held.stream().map((send) -> event(send.value()).id().path())).containsExactlyInAnyOrder("a",
				"b");
		this.log.hold = false;
		this.log.releaseAll();
		awaitEmptyOutbox();
		assertThat(this.log.byFile().get(MediaId.of("media", "a"))).hasSize(2).isSorted();
	}

	@Test
	void whatWasAcknowledgedButNotMarkedIsPublishedAgainAfterARestart() {
		store("a", "first");
		// A relay that dies between the acknowledgement and the mark: it saw the row, and
		// the
		// log has the event.
		this.catalog.outboxAfter(0, 10).forEach((event) -> this.log.send(event.key(), event.value(), (_) -> {
		}));
		this.catalog.close();
		open();
		startRelay();
		awaitEmptyOutbox();

		assertThat(this.log.byFile().get(MediaId.of("media", "a"))).hasSize(2);
		assertThat(new HashSet<>(this.log.byFile().get(MediaId.of("media", "a")))).hasSize(1);
	}

	@Test
	void whatWasRecordedBeforeTheStartIsPublished() {
		store("a", "first");
		store("b", "other");
		startRelay();
		awaitEmptyOutbox();

		assertThat(this.log.byFile()).hasSize(2);
	}

	@Test
	void anEventThatIsRefusedForGoodHoldsBackItsOwnFileOnly() {
		this.log.refuse.add("refused");
		startRelay();
		store("refused", "first");
		store("refused", "second");
		store("fine", "first");
		Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> this.catalog.totals().outboxWaiting() == 2);

		assertThat(this.log.byFile()).containsOnlyKeys(MediaId.of("media", "fine"));
		assertThat(this.relay).isNotNull().extracting(OutboxRelay::refused).isEqualTo(1);
	}

	@Test
	void moreEventsThatAreRefusedThanAreHeldInMemoryDoNotHoldBackOtherFiles() {
		int refused = 1100;
		for (int i = 0; i < refused; i++) {
			this.log.refuse.add("refused-" + i);
			store("refused-" + i, "first");
		}
		for (int i = 0; i < refused; i++) {
			store("refused-0", "again " + i);
		}
		store("fine", "first");
		startRelay();
		Awaitility.await()
			.atMost(Duration.ofMinutes(1))
			.until(() -> this.catalog.totals().outboxWaiting() == 2L * refused);

		assertThat(this.log.byFile()).containsOnlyKeys(MediaId.of("media", "fine"));
		assertThat(this.relay).isNotNull().extracting(OutboxRelay::refused).isEqualTo(refused);
	}

	@Test
	void nothingIsTriedWhileKafkaIsKnownToBeAway() {
		OutboxRelay away = new OutboxRelay(this.catalog, this.log, () -> this.log.reachable, () -> {
		});
		this.relay = away;
		this.log.reachable = false;
		away.start();
		store("a", "first");
		assertThat(this.catalog.totals().outboxWaiting()).isOne();
		assertThat(this.log.attempts).isZero();

		this.log.reachable = true;
		away.wake();
		awaitEmptyOutbox();
	}

	@Test
	void stoppingWaitsForWhatIsOnItsWayAndMarksIt() {
		this.log.hold = true;
		startRelay();
		store("a", "first");
		Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> this.log.held.size() == 1);
		this.log.releaseAll();
		stopRelay();

		assertThat(this.catalog.totals().outboxWaiting()).isZero();
	}

	private void startRelay() {
		OutboxRelay started = new OutboxRelay(this.catalog, this.log, () -> true, () -> {
		});
		started.start();
		this.relay = started;
	}

	private void stopRelay() {
		if (this.relay != null) {
			this.relay.close();
			this.relay = null;
		}
	}

	private void awaitEmptyOutbox() {
		Awaitility.await()
			.atMost(Duration.ofMinutes(1))
			.pollInterval(Duration.ofMillis(5))
			.until(() -> this.catalog.totals().outboxWaiting() == 0);
		assertThat(this.catalog.outboxAfter(0, 1)).isEmpty();
	}

	private final Map<MediaId, Integer> stored = new java.util.HashMap<>();

	private int recorded(MediaId id) {
		return this.stored.getOrDefault(id, 0);
	}

	private void store(String path, String content) {
		MediaId id = MediaId.of("media", path);
		byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
		this.stored.merge(id, 1, Integer::sum);
		this.catalog.recordStored(id, new FileStamp(bytes.length, 1, 2, 3), (version) -> new MediaStored(id, version,
				bytes.length, Digest.of(bytes), "text/plain", Instant.EPOCH, null, null, Origin.UPLOAD));
	}

	private static MediaEvent.OfFile event(byte[] value) {
		try {
			return (MediaEvent.OfFile) new CloudEventCodec().decodeEvent(value);
		}
		catch (MalformedEventException ex) {
			throw new AssertionError(ex);
		}
	}

	/**
	 * A log that keeps what it was sent, acknowledges on a thread of its own, and fails
	 * when told to: before it has kept the event, or after.
	 */
	private static final class FakeLog implements EventSender {

		private final List<byte[]> kept = new CopyOnWriteArrayList<>();

		private final ExecutorService acknowledging = Executors.newSingleThreadExecutor();

		private final Collection<Send> held = new CopyOnWriteArrayList<>();

		private final Set<String> refuse = new HashSet<>();

		private @Nullable Random failures;

		private volatile boolean hold;

		private volatile boolean reachable = true;

		private volatile int attempts;

		@Override
		@SuppressWarnings({ "NonAtomicVolatileUpdate", "FutureReturnValueIgnored" }) // one
																						// sender
		public void send(byte[] key, byte[] value, Consumer<@Nullable Exception> done) {
			this.attempts++;
			if (this.refuse.contains(event(value).id().path())) {
				this.acknowledging.submit(() -> done.accept(new RecordTooLargeException("too large")));
				return;
			}
			Random random = this.failures;
			int fate = (random == null) ? 9 : random.nextInt(60);
			if (fate == 0) {
				throw new TimeoutException("not even tried");
			}
			if (fate != 1) {
				this.kept.add(value);
			}
			Send send = new Send(value, done, (fate == 1 || fate == 2) ? new TimeoutException("no answer") : null);
			if (this.hold) {
				this.held.add(send);
			}
			else {
				this.acknowledging.submit(send::finish);
			}
		}

		private void releaseAll() {
			this.held.forEach(Send::finish);
		}

		private Map<MediaId, List<Version>> byFile() {
			List<MediaEvent.OfFile> events = new ArrayList<>();
			this.kept.forEach((value) -> events.add(event(value)));
			return events.stream()
				.collect(Collectors.groupingBy(MediaEvent.OfFile::id,
						Collectors.mapping(MediaEvent::version, Collectors.toList())));
		}

		@Override
		public void close() {
			this.acknowledging.close();
		}

		@SuppressWarnings("ArrayRecordComponent")
		private record Send(byte[] value, Consumer<@Nullable Exception> done, @Nullable Exception problem) {

			private void finish() {
				this.done.accept(this.problem);
			}

		}

	}

}
