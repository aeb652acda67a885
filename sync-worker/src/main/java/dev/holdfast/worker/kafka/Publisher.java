package dev.holdfast.worker.kafka;

import java.util.concurrent.CompletableFuture;

import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Publishes records that must arrive.
 */
@FunctionalInterface
public interface Publisher {

	/**
	 * Publishes a record, and goes on trying while Kafka is away. Never blocks.
	 * @return completes when the record is acknowledged by all in-sync replicas; with an
	 * exception only where the record can never be accepted, or this worker stops
	 */
	CompletableFuture<Void> publish(ProducerRecord<byte[], byte[]> record);

}
