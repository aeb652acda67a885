package dev.holdfast.worker.ledger;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;

import dev.holdfast.model.CloudEventCodec;
import dev.holdfast.model.LedgerRecord;
import dev.holdfast.model.Topics;
import dev.holdfast.worker.kafka.Publisher;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Writes the ledger.
 */
public final class LedgerWriter {

	private static final byte[] CONTENT_TYPE = CloudEventCodec.CONTENT_TYPE.getBytes(StandardCharsets.UTF_8);

	private final Publisher publisher;

	private final CloudEventCodec codec = new CloudEventCodec();

	/**
	 * A writer.
	 * @param publisher brings the records to Kafka
	 */
	public LedgerWriter(Publisher publisher) {
		this.publisher = publisher;
	}

	/**
	 * Writes a record. Only when what this returns has completed is it in the ledger, and
	 * only then may the offset of the event be committed.
	 */
	public CompletableFuture<Void> write(LedgerRecord entry) {
		ProducerRecord<byte[], byte[]> message = new ProducerRecord<>(Topics.REPLICAS, entry.key(),
				this.codec.encode(entry));
		message.headers().add("content-type", CONTENT_TYPE);
		return this.publisher.publish(message);
	}

}
