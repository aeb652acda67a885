package dev.holdfast.bench;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

import dev.holdfast.model.CloudEventCodec;
import dev.holdfast.model.MediaStored;
import dev.holdfast.model.Topics;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Publishes events as app-service does.
 */
final class Events implements AutoCloseable {

	private final CloudEventCodec codec = new CloudEventCodec();

	private final KafkaProducer<byte[], byte[]> producer;

	Events(String bootstrapServers) {
		this.producer = new KafkaProducer<>(
				Map.of("bootstrap.servers", bootstrapServers, "acks", "all", "linger.ms", "2", "batch.size", "131072"),
				new ByteArraySerializer(), new ByteArraySerializer());
	}

	/**
	 * Returns when the broker has acknowledged all of them.
	 */
	void publish(List<MediaStored> events) throws InterruptedException {
		List<Future<RecordMetadata>> sent = events.stream()
			.map((event) -> new ProducerRecord<>(Topics.EVENTS, event.key(), this.codec.encode(event)))
			.map(this.producer::send)
			.toList();
		this.producer.flush();
		try {
			for (Future<RecordMetadata> one : sent) {
				one.get();
			}
		}
		catch (ExecutionException ex) {
			throw new IllegalStateException("publish " + events.size() + " events: " + ex.getMessage(), ex);
		}
	}

	@Override
	public void close() {
		this.producer.close();
	}

}
