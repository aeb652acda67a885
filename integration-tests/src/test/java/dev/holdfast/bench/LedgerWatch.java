package dev.holdfast.bench;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

import dev.holdfast.model.Topics;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * Follows the ledger and notes when each {@code Replicated} record could be read there,
 * which is later than the store's answer by the ledger's own acknowledgement: the moment
 * at which anyone else can know.
 */
final class LedgerWatch implements AutoCloseable {

	private static final Duration POLL = Duration.ofMillis(200);

	private static final Duration PATIENCE = Duration.ofMinutes(2);

	/**
	 * How often the ledger is read while many files are copied: often enough to be off by
	 * less than a hundredth of what such a round takes.
	 */
	private static final Duration GATHERING = Duration.ofMillis(50);

	private static final byte[] REPLICATED = "dev.holdfast.replica.replicated.v1".getBytes(StandardCharsets.US_ASCII);

	private static final byte[] DEAD_LETTER = "\"deadLetter\":true".getBytes(StandardCharsets.US_ASCII);

	private final KafkaConsumer<byte[], byte[]> consumer;

	private final Map<String, Round> rounds = new ConcurrentHashMap<>();

	private final AtomicReference<@Nullable Throwable> broken = new AtomicReference<>();

	private final Thread reader;

	private volatile boolean gathering;

	LedgerWatch(String bootstrapServers) {
		this.consumer = new KafkaConsumer<>(Map.of("bootstrap.servers", bootstrapServers, "max.poll.records", "5000",
				"enable.auto.commit", "false"), new ByteArrayDeserializer(), new ByteArrayDeserializer());
		List<TopicPartition> partitions = this.consumer.partitionsFor(Topics.REPLICAS)
			.stream()
			.map((info) -> new TopicPartition(info.topic(), info.partition()))
			.toList();
		this.consumer.assign(partitions);
		this.consumer.seekToEnd(partitions);
		partitions.forEach(this.consumer::position);
		this.reader = Thread.ofPlatform().name("ledger-watch").start(this::read);
	}

	/**
	 * Begins to note the replicas of a tree. To be called before its events are
	 * published.
	 * @param name the tree's name
	 * @param files how many of them are awaited
	 */
	Round expect(String name, int files) {
		Round round = new Round(files);
		this.rounds.put(name, round);
		return round;
	}

	/**
	 * Reads what has come since the last time only every 50 ms, from now on: where the
	 * clock stops with the last of thousands of records, a reader that is woken by each
	 * of them would take from the machine what it is to measure. Arrivals are noted up to
	 * so much later than they were.
	 */
	void gather() {
		this.gathering = true;
	}

	/**
	 * Reads each record as soon as it is there.
	 */
	void follow() {
		this.gathering = false;
	}

	private void read() {
		try {
			while (true) {
				if (this.gathering) {
					LockSupport.parkNanos(GATHERING.toNanos());
				}
				for (ConsumerRecord<byte[], byte[]> entry : this.consumer.poll(POLL)) {
					note(entry, System.nanoTime());
				}
			}
		}
		catch (WakeupException ex) {
			this.consumer.close();
		}
		catch (RuntimeException ex) {
			this.broken.set(ex);
		}
	}

	/**
	 * Keys are {@code store/volume/path}, and the first segment of the path is the tree.
	 */
	private void note(ConsumerRecord<byte[], byte[]> entry, long now) {
		byte @Nullable [] value = entry.value();
		if (value == null) {
			return;
		}
		String key = new String(entry.key(), StandardCharsets.UTF_8);
		String[] parts = key.split("/", 4);
		Round round = (parts.length == 4) ? this.rounds.get(parts[2]) : null;
		if (round == null) {
			return;
		}
		if (contains(value, REPLICATED)) {
			round.replicated(parts[2] + "/" + parts[3], now);
		}
		else if (contains(value, DEAD_LETTER)) {
			round.dead.compareAndSet(null, new String(value, StandardCharsets.UTF_8));
		}
		else {
			round.failures.incrementAndGet();
		}
	}

	private static boolean contains(byte[] value, byte[] wanted) {
		return new String(value, StandardCharsets.ISO_8859_1).contains(new String(wanted, StandardCharsets.ISO_8859_1));
	}

	@Override
	public void close() {
		this.consumer.wakeup();
		try {
			this.reader.join();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/**
	 * The replicas of one tree.
	 */
	final class Round {

		private final Map<String, Long> arrivals = new ConcurrentHashMap<>();

		private final CountDownLatch open;

		private final AtomicReference<@Nullable String> dead = new AtomicReference<>();

		private final AtomicInteger failures = new AtomicInteger();

		private final AtomicInteger repeated = new AtomicInteger();

		private volatile long last;

		private Round(int files) {
			this.open = new CountDownLatch(files);
		}

		private void replicated(String path, long now) {
			if (this.arrivals.putIfAbsent(path, now) == null) {
				this.last = now;
				this.open.countDown();
			}
			else {
				this.repeated.incrementAndGet();
			}
		}

		/**
		 * How many records there were beyond the first of each file.
		 */
		int repeated() {
			return this.repeated.get();
		}

		/**
		 * Waits until the last one is there, or nothing has come for half a minute.
		 * @return how many are there
		 */
		int awaitMost(Duration atMost, JavaPart worker) throws InterruptedException {
			long until = System.nanoTime() + atMost.toNanos();
			int before = -1;
			while (this.arrivals.size() != before && System.nanoTime() < until) {
				before = this.arrivals.size();
				worker.checkAlive();
				if (this.open.await(30, TimeUnit.SECONDS)) {
					break;
				}
			}
			return this.arrivals.size();
		}

		/**
		 * Waits until the last one is there.
		 * @return the {@link System#nanoTime()} of its arrival
		 */
		long awaitAll(Duration atMost, JavaPart worker) throws InterruptedException {
			long until = System.nanoTime() + atMost.toNanos();
			while (!this.open.await(1, TimeUnit.SECONDS)) {
				worker.checkAlive();
				if (this.dead.get() != null) {
					throw new IllegalStateException("a replication failed for good: " + this.dead.get());
				}
				if (LedgerWatch.this.broken.get() != null) {
					throw new IllegalStateException("reading the ledger failed", LedgerWatch.this.broken.get());
				}
				if (System.nanoTime() > until) {
					throw new IllegalStateException(this.open.getCount() + " replicas are still missing after " + atMost
							+ "; " + this.failures.get() + " were put off");
				}
			}
			return this.last;
		}

		/**
		 * Waits until these are there, where fewer than expected were sent.
		 */
		void awaitThese(Collection<String> paths, JavaPart worker) throws InterruptedException {
			long until = System.nanoTime() + PATIENCE.toNanos();
			while (!this.arrivals.keySet().containsAll(paths)) {
				worker.checkAlive();
				if (System.nanoTime() > until) {
					throw new IllegalStateException("of " + paths.size() + " replicas only " + this.arrivals.size()
							+ " are there after " + PATIENCE + "; " + this.failures.get() + " were put off");
				}
				LockSupport.parkNanos(POLL.toNanos());
			}
		}

		boolean done() {
			return this.open.getCount() == 0;
		}

		/**
		 * When each replica was first read, as {@link System#nanoTime()}, by path.
		 */
		Map<String, Long> arrivals() {
			return this.arrivals;
		}

		int putOff() {
			return this.failures.get();
		}

	}

}
