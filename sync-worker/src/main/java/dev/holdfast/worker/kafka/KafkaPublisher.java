package dev.holdfast.worker.kafka;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes with acknowledgement by all in-sync replicas, idempotently, and again after
 * every failure that may pass, until it is closed.
 * <p>
 * The producer is made when it is first needed, as a broker's name that cannot be
 * resolved yet is no reason not to start, and made anew after a failure that leaves it
 * unusable.
 */
public final class KafkaPublisher implements Publisher, AutoCloseable {

	private static final Logger LOG = LoggerFactory.getLogger(KafkaPublisher.class);

	private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

	private static final long RETRY_MILLIS = 1000;

	private final Map<String, Object> properties;

	/**
	 * Where sends begin: a send blocks while the producer knows no broker, and callers,
	 * the producer's own thread among them, must not.
	 */
	private final ExecutorService senders = Executors.newVirtualThreadPerTaskExecutor();

	private final ScheduledExecutorService timer;

	private @Nullable Producer<byte[], byte[]> producer;

	private volatile boolean closed;

	/** Set from the first failure to the next success, so that each is logged once. */
	private volatile boolean failing;

	/**
	 * A publisher.
	 * @param clientProperties how brokers are reached, in Kafka's names
	 * @param timer runs what is due later; stays the caller's
	 */
	public KafkaPublisher(Map<String, Object> clientProperties, ScheduledExecutorService timer) {
		this.properties = new HashMap<>(clientProperties);
		this.properties.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
		this.properties.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
		this.properties.put(ProducerConfig.ACKS_CONFIG, "all");
		this.properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
		// A record goes out at once where none is on its way; under load those that come
		// meanwhile gather, dozens of them, for the next request.
		this.properties.put(ProducerConfig.LINGER_MS_CONFIG, 0);
		this.properties.put(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 1);
		this.properties.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 10_000);
		this.properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 30_000);
		this.properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 10_000);
		this.properties.put(ProducerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 2_000);
		this.timer = timer;
	}

	@Override
	public CompletableFuture<Void> publish(ProducerRecord<byte[], byte[]> record) {
		CompletableFuture<Void> acknowledged = new CompletableFuture<>();
		begin(record, acknowledged);
		return acknowledged;
	}

	private void begin(ProducerRecord<byte[], byte[]> record, CompletableFuture<Void> acknowledged) {
		if (this.closed) {
			acknowledged.completeExceptionally(new CancellationException("The worker stops"));
			return;
		}
		try {
			this.senders.execute(() -> send(record, acknowledged));
		}
		catch (RejectedExecutionException ex) {
			acknowledged.completeExceptionally(ex);
		}
	}

	private void send(ProducerRecord<byte[], byte[]> record, CompletableFuture<Void> acknowledged) {
		try {
			Future<RecordMetadata> _ = current().send(record, (_, failure) -> {
				if (failure == null) {
					succeeded();
					acknowledged.complete(null);
				}
				else {
					failed(record, acknowledged, failure);
				}
			});
		}
		catch (RuntimeException ex) {
			failed(record, acknowledged, ex);
		}
	}

	private void succeeded() {
		if (this.failing) {
			this.failing = false;
			LOG.atInfo().log("Kafka accepts records again");
		}
	}

	private void failed(ProducerRecord<byte[], byte[]> record, CompletableFuture<Void> acknowledged,
			Exception failure) {
		if (failure instanceof RecordTooLargeException || this.closed) {
			acknowledged.completeExceptionally(failure);
			return;
		}
		if (!this.failing) {
			this.failing = true;
			LOG.atWarn()
				.addKeyValue("topic", record.topic())
				.addKeyValue("reason", String.valueOf(failure))
				.log("Kafka does not accept records: what is published waits, and nothing is lost");
		}
		if (!(failure instanceof RetriableException)) {
			discardProducer();
		}
		try {
			Future<?> _ = this.timer.schedule(() -> begin(record, acknowledged), RETRY_MILLIS, TimeUnit.MILLISECONDS);
		}
		catch (RejectedExecutionException ex) {
			acknowledged.completeExceptionally(failure);
		}
	}

	private synchronized Producer<byte[], byte[]> current() {
		if (this.closed) {
			throw new CancellationException("The worker stops");
		}
		Producer<byte[], byte[]> present = this.producer;
		if (present == null) {
			present = new KafkaProducer<>(this.properties);
			this.producer = present;
		}
		return present;
	}

	/**
	 * Lets go of a producer that may be beyond repair; what it still had in hand fails
	 * and comes again. Closed elsewhere, because this is called on its own thread.
	 */
	private synchronized void discardProducer() {
		Producer<byte[], byte[]> present = this.producer;
		this.producer = null;
		if (present != null) {
			this.senders.execute(() -> present.close(Duration.ZERO));
		}
	}

	@Override
	public void close() {
		Producer<byte[], byte[]> present;
		synchronized (this) {
			this.closed = true;
			present = this.producer;
			this.producer = null;
		}
		if (present != null) {
			present.close(CLOSE_TIMEOUT);
		}
		this.senders.shutdownNow();
	}

}
