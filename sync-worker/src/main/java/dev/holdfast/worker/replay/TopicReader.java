package dev.holdfast.worker.replay;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongConsumer;

import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * Reads a topic from some point to where it ended when asked. Belongs to no consumer
 * group and commits nothing, so that live replication does not notice it.
 */
final class TopicReader implements AutoCloseable {

	private static final Duration POLL = Duration.ofMillis(200);

	/** For how long the broker may say nothing. */
	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private static final Duration API_TIMEOUT = Duration.ofSeconds(10);

	/**
	 * Of all partitions together: the worker's heap is small, and two topics are read.
	 */
	private static final int FETCH_BYTES = 4 * 1024 * 1024;

	private static final int POLL_RECORDS = 2000;

	private final String topic;

	private final KafkaConsumer<byte[], byte[]> consumer;

	TopicReader(Map<String, Object> clientProperties, String topic) {
		this.topic = topic;
		Map<String, Object> properties = new HashMap<>(clientProperties);
		properties.remove(ConsumerConfig.GROUP_ID_CONFIG);
		properties.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
		properties.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
		properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
		properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
		properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
		properties.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) API_TIMEOUT.toMillis());
		properties.put(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) API_TIMEOUT.toMillis());
		properties.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, FETCH_BYTES);
		properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, POLL_RECORDS);
		properties.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, (int) POLL.toMillis());
		this.consumer = new KafkaConsumer<>(properties);
	}

	/**
	 * The offsets of a partition that are read.
	 *
	 * @param from the first
	 * @param until the one behind the last
	 */
	record Range(long from, long until) {

	}

	@FunctionalInterface
	interface Sink {

		void accept(ConsumerRecord<byte[], byte[]> record) throws InterruptedException;

	}

	/**
	 * What the topic holds now, by partition.
	 * @param since only what was published then or later, {@code null} for all
	 */
	Map<Integer, Range> ranges(@Nullable Instant since) throws InterruptedException {
		try {
			List<TopicPartition> partitions = partitions();
			Map<TopicPartition, Long> ends = this.consumer.endOffsets(partitions);
			Map<TopicPartition, Long> begins = (since == null) ? this.consumer.beginningOffsets(partitions)
					: offsetsAt(partitions, since, ends);
			Map<Integer, Range> ranges = new TreeMap<>();
			for (TopicPartition partition : partitions) {
				long until = ends.getOrDefault(partition, 0L);
				ranges.put(partition.partition(), new Range(begins.getOrDefault(partition, until), until));
			}
			return ranges;
		}
		catch (InterruptException ex) {
			throw interrupted(ex);
		}
	}

	private List<TopicPartition> partitions() {
		List<PartitionInfo> known = this.consumer.partitionsFor(this.topic);
		if (known == null || known.isEmpty()) {
			throw new UnknownTopicOrPartitionException("there is no topic " + this.topic);
		}
		return known.stream().map((partition) -> new TopicPartition(this.topic, partition.partition())).toList();
	}

	private Map<TopicPartition, Long> offsetsAt(List<TopicPartition> partitions, Instant since,
			Map<TopicPartition, Long> ends) {
		Map<TopicPartition, Long> asked = new HashMap<>();
		partitions.forEach((partition) -> asked.put(partition, since.toEpochMilli()));
		Map<TopicPartition, Long> begins = new HashMap<>(ends);
		this.consumer.offsetsForTimes(asked).forEach((partition, found) -> {
			OffsetAndTimestamp first = found;
			if (first != null) {
				begins.put(partition, first.offset());
			}
		});
		return begins;
	}

	/**
	 * Reads the ranges to their ends.
	 * @param advanced told how many offsets have been passed, time and again
	 */
	void read(Map<Integer, Range> ranges, Sink sink, LongConsumer advanced) throws InterruptedException {
		Map<TopicPartition, Range> open = new HashMap<>();
		ranges.forEach((partition, range) -> {
			if (range.from() < range.until()) {
				open.put(new TopicPartition(this.topic, partition), range);
			}
		});
		try {
			this.consumer.assign(open.keySet());
			// A partition that was read to its end before is still paused.
			this.consumer.resume(open.keySet());
			open.forEach((partition, range) -> this.consumer.seek(partition, range.from()));
			Map<TopicPartition, Long> positions = new HashMap<>();
			open.forEach((partition, range) -> positions.put(partition, range.from()));
			readOpen(open, positions, sink, advanced);
		}
		catch (InterruptException ex) {
			throw interrupted(ex);
		}
	}

	private void readOpen(Map<TopicPartition, Range> open, Map<TopicPartition, Long> positions, Sink sink,
			LongConsumer advanced) throws InterruptedException {
		long heard = System.nanoTime();
		while (!open.isEmpty()) {
			ConsumerRecords<byte[], byte[]> records = this.consumer.poll(POLL);
			for (TopicPartition partition : records.partitions()) {
				Range range = open.get(partition);
				for (ConsumerRecord<byte[], byte[]> record : records.records(partition)) {
					if (range != null && record.offset() < range.until()) {
						sink.accept(record);
					}
				}
			}
			long moved = 0;
			for (TopicPartition partition : new ArrayList<>(open.keySet())) {
				// Compaction leaves gaps: only the position tells that the end is
				// reached.
				long until = open.getOrDefault(partition, new Range(0, 0)).until();
				long position = Math.min(this.consumer.position(partition), until);
				Long before = positions.put(partition, position);
				moved += position - ((before != null) ? before : position);
				if (position >= until) {
					open.remove(partition);
					this.consumer.pause(List.of(partition));
				}
			}
			if (moved > 0) {
				advanced.accept(moved);
				heard = System.nanoTime();
			}
			else if (System.nanoTime() - heard > PATIENCE.toNanos()) {
				throw new TimeoutException("the broker has said nothing for " + PATIENCE.toSeconds() + " s");
			}
		}
	}

	private static InterruptedException interrupted(InterruptException ex) {
		// Kafka leaves the thread's mark set, which belongs to the exception thrown here.
		Thread.interrupted();
		InterruptedException interrupted = new InterruptedException();
		interrupted.initCause(ex);
		return interrupted;
	}

	@Override
	public void close() {
		this.consumer.close();
	}

}
