package dev.holdfast.app.catalog;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

import dev.holdfast.app.kafka.Layout;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads both topics into the catalog, for as long as app-service runs. Sleeps in Kafka's
 * long poll while nothing happens, and waits for Kafka where it is away.
 */
public final class Projection implements AutoCloseable {

	private static final Logger LOG = LoggerFactory.getLogger(Projection.class);

	private static final Duration POLL = Duration.ofSeconds(10);

	private static final Duration PAUSE = Duration.ofSeconds(1);

	private static final Duration STOPPING = Duration.ofSeconds(5);

	private final Projector projector;

	private final Supplier<Consumer<byte[], byte[]>> consumers;

	private final Supplier<Optional<Layout>> layouts;

	private final Map<Projected, LongAdder> counts = new EnumMap<>(Projected.class);

	private final LongAdder read = new LongAdder();

	private final CompletableFuture<Boolean> caughtUp = new CompletableFuture<>();

	private final Semaphore signals = new Semaphore(0);

	private final Thread thread;

	private volatile @Nullable Consumer<byte[], byte[]> polling;

	private volatile @Nullable Layout used;

	private volatile @Nullable String trouble;

	private volatile boolean closed;

	/**
	 * A projection that does nothing before {@link #start()}.
	 * @param layouts the topics as last seen; {@link #wake()} is to be called when that
	 * changes
	 */
	public Projection(Catalog catalog, Supplier<Consumer<byte[], byte[]>> consumers,
			Supplier<Optional<Layout>> layouts) {
		this.projector = catalog.projector();
		this.consumers = consumers;
		this.layouts = layouts;
		for (Projected kind : Projected.values()) {
			this.counts.put(kind, new LongAdder());
		}
		this.thread = Thread.ofPlatform().name("projection").daemon().unstarted(this::run);
	}

	/**
	 * Begins to read.
	 */
	public void start() {
		this.thread.start();
	}

	/**
	 * Completes when the catalog has everything that was on the topics when reading
	 * began.
	 */
	public CompletionStage<Boolean> caughtUp() {
		return this.caughtUp.minimalCompletionStage();
	}

	/**
	 * Whether the catalog has everything that was on the topics when reading began.
	 */
	public boolean isCaughtUp() {
		return this.caughtUp.isDone();
	}

	/**
	 * Whether an earlier run has read from the topics already.
	 */
	public boolean hasHistory() {
		return this.projector.hasHistory();
	}

	/**
	 * How many records were read since the start. The sum of {@link #count} over all
	 * kinds, except for a moment while a batch is being counted.
	 */
	public long read() {
		return this.read.sum();
	}

	/**
	 * How many of the records read became this.
	 */
	public long count(Projected kind) {
		LongAdder count = this.counts.get(kind);
		return (count == null) ? 0 : count.sum();
	}

	/**
	 * Why nothing can be projected; {@code null} where it can.
	 */
	public @Nullable String trouble() {
		return this.trouble;
	}

	/**
	 * Says that the topics may have changed.
	 */
	public void wake() {
		this.signals.release();
		Consumer<byte[], byte[]> present = this.polling;
		if (present != null && !this.layouts.get().equals(Optional.ofNullable(this.used))) {
			present.wakeup();
		}
	}

	private void run() {
		while (!this.closed) {
			try {
				Optional<Layout> layout = this.layouts.get();
				if (layout.isPresent() && !layout.get().topics().isEmpty()) {
					consume(layout.get());
				}
				else {
					this.signals.acquire();
				}
			}
			catch (WakeupException ex) {
				LOG.debug("Looking at the topics again");
			}
			catch (InterruptedException | org.apache.kafka.common.errors.InterruptException ex) {
				break; // only close() interrupts
			}
			catch (KafkaException | CatalogException ex) {
				enter(ex);
				rest();
			}
		}
	}

	private void consume(Layout layout) {
		announceRenewed(this.projector.use(sources(layout)));
		Consumer<byte[], byte[]> consumer = this.consumers.get();
		try {
			this.used = layout;
			this.polling = consumer;
			List<TopicPartition> partitions = partitions(layout);
			consumer.assign(partitions);
			seek(consumer, partitions);
			Map<TopicPartition, Long> goal = consumer.endOffsets(partitions);
			while (!this.closed && this.layouts.get().equals(Optional.of(layout))) {
				leave(consumer, goal);
				poll(consumer);
			}
		}
		finally {
			this.polling = null;
			// Without a goodbye: that would queue behind the long poll for seconds.
			consumer.close(CloseOptions.timeout(Duration.ZERO));
		}
	}

	private void seek(Consumer<byte[], byte[]> consumer, List<TopicPartition> partitions) {
		Map<LogPartition, Long> positions = this.projector.positions();
		List<TopicPartition> fresh = new ArrayList<>();
		for (TopicPartition partition : partitions) {
			Long position = positions.get(new LogPartition(partition.topic(), partition.partition()));
			if (position == null) {
				fresh.add(partition);
			}
			else {
				consumer.seek(partition, position);
			}
		}
		if (!fresh.isEmpty()) {
			consumer.seekToBeginning(fresh);
		}
	}

	private void poll(Consumer<byte[], byte[]> consumer) {
		ConsumerRecords<byte[], byte[]> polled;
		try {
			polled = consumer.poll(POLL);
		}
		catch (OffsetOutOfRangeException ex) {
			// Retention or a lost disk took what was to be read next.
			Collection<TopicPartition> lost = ex.partitions();
			LOG.atWarn()
				.addKeyValue("partitions", lost)
				.log("Offsets are gone from the topics: read again from what is left, which changes nothing that is known");
			consumer.seekToBeginning(lost);
			return;
		}
		if (polled.isEmpty()) {
			return;
		}
		List<LogRecord> records = new ArrayList<>(polled.count());
		for (ConsumerRecord<byte[], byte[]> entry : polled) {
			records.add(new LogRecord(entry.topic(), entry.partition(), entry.offset(), entry.value()));
		}
		Map<LogPartition, Long> positions = new HashMap<>();
		polled.nextOffsets()
			.forEach((partition, next) -> positions.put(new LogPartition(partition.topic(), partition.partition()),
					next.offset()));
		Map<Projected, Integer> became = this.projector.project(records, positions);
		this.read.add(records.size());
		became.forEach((kind, number) -> counter(kind).add(number));
		int malformed = became.getOrDefault(Projected.MALFORMED, 0);
		if (malformed > 0) {
			LOG.atWarn()
				.addKeyValue("records", malformed)
				.log("Records on the topics are not understood and were left out: GET /api/v1/status lists them");
		}
	}

	private LongAdder counter(Projected kind) {
		return this.counts.computeIfAbsent(kind, (_) -> new LongAdder());
	}

	private void leave(Consumer<byte[], byte[]> consumer, Map<TopicPartition, Long> goal) {
		if (this.trouble != null) {
			LOG.atInfo().log("Projection goes on");
			this.trouble = null;
		}
		if (!this.caughtUp.isDone()
				&& goal.entrySet().stream().allMatch((end) -> consumer.position(end.getKey()) >= end.getValue())) {
			LOG.atInfo().addKeyValue("records", this.read.sum()).log("Catalog has caught up with the topics");
			this.caughtUp.complete(true);
		}
	}

	private void enter(RuntimeException problem) {
		if (this.trouble == null && !this.closed) {
			LOG.atWarn().addKeyValue("reason", problem.getMessage()).log("Projection waits");
		}
		this.trouble = String.valueOf(problem.getMessage());
	}

	private void rest() {
		try {
			if (this.signals.tryAcquire(PAUSE.toMillis(), TimeUnit.MILLISECONDS)) {
				this.signals.drainPermits();
			}
		}
		catch (InterruptedException ex) {
			LOG.debug("Woken to stop");
		}
	}

	private static void announceRenewed(List<String> topics) {
		for (String topic : topics) {
			LOG.atWarn()
				.addKeyValue("topic", topic)
				.log("Topic is another one than before: read from its start. What is known stays; to publish it again on the"
						+ " new topic, stop app-service, delete catalog.db and start it: the scan publishes what is on the volumes");
		}
	}

	private static List<LogSource> sources(Layout layout) {
		return layout.topics()
			.entrySet()
			.stream()
			.map((topic) -> new LogSource(topic.getKey(), topic.getValue().id().toString(), layout.clusterId()))
			.toList();
	}

	private static List<TopicPartition> partitions(Layout layout) {
		List<TopicPartition> partitions = new ArrayList<>();
		layout.topics().forEach((name, topic) -> {
			for (int i = 0; i < topic.partitions(); i++) {
				partitions.add(new TopicPartition(name, i));
			}
		});
		return partitions;
	}

	/**
	 * Stops reading. What was read and not recorded is read again after the next start.
	 */
	@Override
	public void close() {
		this.closed = true;
		this.signals.release();
		Consumer<byte[], byte[]> present = this.polling;
		if (present != null) {
			present.wakeup();
		}
		try {
			if (!this.thread.join(STOPPING)) {
				this.thread.interrupt();
				this.thread.join(STOPPING);
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
