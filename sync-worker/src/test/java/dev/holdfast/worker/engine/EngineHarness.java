package dev.holdfast.worker.engine;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

import dev.holdfast.model.CloudEventCodec;
import dev.holdfast.model.LedgerRecord;
import dev.holdfast.model.MalformedEventException;
import dev.holdfast.model.MediaEvent;
import dev.holdfast.model.ObjectKeys;
import dev.holdfast.model.StoreName;
import dev.holdfast.model.Topics;
import dev.holdfast.worker.deadletter.DeadLetters;
import dev.holdfast.worker.kafka.Publisher;
import dev.holdfast.worker.ledger.LedgerEntries;
import dev.holdfast.worker.ledger.LedgerWriter;
import dev.holdfast.worker.replicate.DeletePolicy;
import dev.holdfast.worker.replicate.TestDeletes;
import dev.holdfast.worker.replicate.Replicator;
import dev.holdfast.worker.retry.InPlaceRetry;
import dev.holdfast.worker.retry.GateState;
import dev.holdfast.worker.retry.OutageGate;
import dev.holdfast.worker.retry.OutageProperties;
import dev.holdfast.worker.retry.RetryLane;
import dev.holdfast.worker.retry.RetryPlan;
import dev.holdfast.worker.retry.RetryProperties;
import dev.holdfast.worker.source.MediaSource;
import dev.holdfast.worker.store.ObjectStore;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Headers;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An engine without Kafka: records go in by hand, what it publishes is kept, and what it
 * acknowledges is noted.
 */
final class EngineHarness implements AutoCloseable {

	static final TopicPartition EVENTS = new TopicPartition(Topics.EVENTS, 0);

	static final TopicPartition RETRIES = new TopicPartition(Topics.RETRIES, 0);

	static final int LARGE = 1000;

	static final int PLACES = 4;

	static final int MOST_HELD = 1000;

	private final CloudEventCodec codec = new CloudEventCodec();

	private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, Thread.ofVirtual().factory());

	private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

	private final List<ProducerRecord<byte[], byte[]>> published = Collections.synchronizedList(new ArrayList<>());

	private final List<Runnable> held = Collections.synchronizedList(new ArrayList<>());

	private final Map<TopicPartition, AtomicLong> offsets = new ConcurrentHashMap<>();

	private final Map<TopicPartition, ConcurrentSkipListSet<Long>> acknowledged = new ConcurrentHashMap<>();

	private final Map<Flow.Source, Boolean> paused = Collections.synchronizedMap(new EnumMap<>(Flow.Source.class));

	private final Assignments assignments;

	private final Intake intake;

	private final Gates gates;

	private final Flow flow;

	private volatile boolean holding;

	private volatile Consumer<Work> whenDue = (_) -> {
	};

	EngineHarness(ObjectStore store, MediaSource source) {
		this(store, source, 100);
	}

	EngineHarness(ObjectStore store, MediaSource source, int maxInFlight) {
		Clock clock = Clock.systemUTC();
		this.timer.setRemoveOnCancelPolicy(true);
		RetryProperties retry = new RetryProperties(3, Duration.ofMillis(1), Duration.ofMillis(2),
				List.of(Duration.ofMillis(100)), Duration.ofHours(1), 3, 1000);
		OutageProperties outage = new OutageProperties(Duration.ofMillis(20), Duration.ofMillis(40), 50, 20,
				Duration.ofSeconds(60), 4);
		ReplicationProperties replication = new ReplicationProperties(PLACES, 2, DataSize.ofBytes(LARGE), maxInFlight,
				DataSize.ofKilobytes(64), Duration.ofMillis(200), Duration.ofMillis(200));
		StoreName name = StoreName.PRIMARY;
		Publisher publisher = this::publish;
		DeadLetters deadLetters = new DeadLetters(name, publisher);
		EngineMetrics metrics = new EngineMetrics(this.registry);
		this.flow = new Flow(this.paused::put, maxInFlight, MOST_HELD);
		OutageGate storeGate = new OutageGate("store", store::probe, false, outage, (state) -> {
			if (state == GateState.DOWN) {
				this.flow.pauseAll(Flow.Reason.OUTAGE);
			}
			else {
				this.flow.resumeAll(Flow.Reason.OUTAGE);
			}
		}, this.timer, clock);
		this.gates = new Gates(storeGate,
				(volume) -> new OutageGate("volume " + volume, () -> source.probe(volume), true, outage, (_) -> {
				}, this.timer, clock));
		Settlement settlement = new Settlement(new LedgerEntries(name, "holdfast", clock), new LedgerWriter(publisher),
				new RetryPlan(retry, (delay) -> delay), new RetryLane(name, publisher), deadLetters, clock);
		Replicator replicator = new Replicator(store, source, new ObjectKeys(""), LARGE,
				TestDeletes.of(DeletePolicy.MIRROR));
		Engine engine = new Engine(
				new Engine.Parts(replicator, new InPlaceRetry(retry), settlement, this.gates, this.flow, metrics),
				(due) -> new Waitlist((work) -> {
					this.whenDue.accept(work);
					due.accept(work);
				}, this.timer, clock), replication);
		this.assignments = new Assignments(engine, replication);
		this.intake = new Intake(engine, this.assignments, name, deadLetters, metrics, clock);
	}

	private CompletableFuture<Void> publish(ProducerRecord<byte[], byte[]> message) {
		CompletableFuture<Void> acknowledgement = new CompletableFuture<>();
		Runnable arrive = () -> {
			this.published.add(message);
			acknowledgement.complete(null);
		};
		if (this.holding) {
			this.held.add(arrive);
		}
		else {
			arrive.run();
		}
		return acknowledgement;
	}

	/** Kafka takes nothing, until {@link #letGo()}. */
	void hold() {
		this.holding = true;
	}

	void letGo() {
		this.holding = false;
		List<Runnable> waiting = List.copyOf(this.held);
		this.held.clear();
		waiting.forEach(Runnable::run);
	}

	int heldBack() {
		return this.held.size();
	}

	static ConditionFactory soon() {
		return Awaitility.await().atMost(Duration.ofMinutes(1)).pollInterval(Duration.ofMillis(5));
	}

	long receive(MediaEvent event) {
		return receive(EVENTS, this.codec.encode(event), null);
	}

	/**
	 * A record arrives.
	 * @return its offset
	 */
	long receive(TopicPartition partition, byte @Nullable [] value, @Nullable Headers headers) {
		long offset = this.offsets.computeIfAbsent(partition, (absent) -> new AtomicLong()).getAndIncrement();
		ConsumerRecord<byte[], byte[]> message = message(partition, offset, value);
		if (headers != null) {
			headers.forEach((header) -> message.headers().add(header));
		}
		this.intake.accept(message, () -> acknowledged(partition).add(offset));
		return offset;
	}

	/** The next record of the partition comes with this offset. */
	void goBack(TopicPartition partition, long offset) {
		this.offsets.computeIfAbsent(partition, (absent) -> new AtomicLong()).set(offset);
	}

	/** The offsets that were acknowledged since the last time, lowest first. */
	List<Long> newlyAcknowledged(TopicPartition partition) {
		List<Long> fresh = List.copyOf(acknowledged(partition));
		acknowledged(partition).removeAll(fresh);
		return fresh;
	}

	@SuppressWarnings("NullAway") // a tombstone has no value
	private static ConsumerRecord<byte[], byte[]> message(TopicPartition partition, long offset,
			byte @Nullable [] value) {
		return new ConsumerRecord<>(partition.topic(), partition.partition(), offset, new byte[0], value);
	}

	/**
	 * Brings back from the retry lane what was put there since the last time.
	 * @return how many records
	 */
	int turnRetryLane() {
		List<ProducerRecord<byte[], byte[]>> lane = published(Topics.RETRIES);
		long known = this.offsets.computeIfAbsent(RETRIES, (absent) -> new AtomicLong()).get();
		List<ProducerRecord<byte[], byte[]>> fresh = lane.subList((int) known, lane.size());
		fresh.forEach((message) -> receive(RETRIES, message.value(), message.headers()));
		return fresh.size();
	}

	List<ProducerRecord<byte[], byte[]>> published(String topic) {
		synchronized (this.published) {
			return this.published.stream().filter((message) -> message.topic().equals(topic)).toList();
		}
	}

	List<LedgerRecord> ledger() {
		return published(Topics.REPLICAS).stream().map((message) -> {
			try {
				return this.codec.decodeLedger(message.value());
			}
			catch (MalformedEventException ex) {
				throw new AssertionError(ex);
			}
		}).toList();
	}

	private ConcurrentSkipListSet<Long> acknowledged(TopicPartition partition) {
		return this.acknowledged.computeIfAbsent(partition, (absent) -> new ConcurrentSkipListSet<>());
	}

	/**
	 * The offset up to which is acknowledged, -1 where nothing is.
	 */
	long watermark(TopicPartition partition) {
		Set<Long> offsetsOf = acknowledged(partition);
		return offsetsOf.stream().mapToLong(Long::longValue).max().orElse(-1);
	}

	long watermark() {
		return watermark(EVENTS);
	}

	double done(Ending ending) {
		return this.registry.get("holdfast.events.done")
			.tag("outcome", ending.name().toLowerCase(Locale.ROOT).replace('_', '-'))
			.counter()
			.count();
	}

	/**
	 * Waits until so many records have ended, and checks that the books balance.
	 */
	void awaitDone(Ending ending, int count) {
		soon().until(() -> done(ending) >= count);
		assertThat(done(ending)).isEqualTo(count);
		double all = this.registry.get("holdfast.events.done").counters().stream().mapToDouble(Counter::count).sum();
		double inFlight = this.registry.get("holdfast.events.in.flight").gauge().value();
		assertThat(this.registry.get("holdfast.events.received").counter().count()).isEqualTo(all + inFlight);
	}

	/** Is called when a retry is due and the engine does not know it yet. */
	void whenDue(Consumer<Work> what) {
		this.whenDue = what;
	}

	/** How many things are to be done later. */
	int timers() {
		return this.timer.getQueue().size();
	}

	int inFlight() {
		return this.flow.inFlight();
	}

	boolean isPaused(Flow.Source source) {
		return this.paused.getOrDefault(source, false);
	}

	Assignments assignments() {
		return this.assignments;
	}

	Gates gates() {
		return this.gates;
	}

	static String text(ProducerRecord<byte[], byte[]> message, String header) {
		return new String(message.headers().lastHeader(header).value(), StandardCharsets.UTF_8);
	}

	@Override
	public void close() {
		this.assignments.drain(Duration.ofSeconds(1));
		this.gates.close();
		this.flow.close();
		this.timer.shutdownNow();
	}

}
