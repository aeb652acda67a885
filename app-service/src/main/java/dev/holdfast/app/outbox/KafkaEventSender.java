package dev.holdfast.app.outbox;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.Supplier;

import dev.holdfast.model.CloudEventCodec;
import dev.holdfast.model.Topics;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RetriableException;
import org.jspecify.annotations.Nullable;

/**
 * Sends through one idempotent producer. A producer that has failed for good is replaced.
 */
final class KafkaEventSender implements EventSender {

	private static final byte[] CONTENT_TYPE = CloudEventCodec.CONTENT_TYPE.getBytes(StandardCharsets.UTF_8);

	private static final Duration CLOSING = Duration.ofSeconds(2);

	private final Supplier<Producer<byte[], byte[]>> producers;

	private volatile @Nullable Producer<byte[], byte[]> producer;

	private volatile boolean broken;

	KafkaEventSender(Supplier<Producer<byte[], byte[]>> producers) {
		this.producers = producers;
	}

	@Override
	public void send(byte[] key, byte[] value, Consumer<@Nullable Exception> done) {
		ProducerRecord<byte[], byte[]> event = new ProducerRecord<>(Topics.EVENTS, key, value);
		event.headers().add("content-type", CONTENT_TYPE);
		try {
			Future<RecordMetadata> _ = producer().send(event, (_, problem) -> {
				noteFailure(problem);
				done.accept(problem);
			});
		}
		catch (KafkaException | IllegalStateException ex) {
			noteFailure(ex);
			throw ex;
		}
	}

	/**
	 * What may pass by itself leaves the producer as it is; after anything else a new one
	 * is safer than to reason about this one.
	 */
	private void noteFailure(@Nullable Exception problem) {
		if (problem != null && !(problem instanceof RetriableException)) {
			this.broken = true;
		}
	}

	private Producer<byte[], byte[]> producer() {
		Producer<byte[], byte[]> present = this.producer;
		if (present != null && this.broken) {
			this.producer = null;
			present.close(Duration.ZERO);
			present = null;
		}
		if (present == null) {
			present = this.producers.get();
			this.broken = false;
			this.producer = present;
		}
		return present;
	}

	@Override
	public void close() {
		Producer<byte[], byte[]> present = this.producer;
		if (present != null) {
			present.close(CLOSING);
		}
	}

}
