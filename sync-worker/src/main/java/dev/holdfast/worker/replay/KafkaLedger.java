package dev.holdfast.worker.replay;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;

import dev.holdfast.model.CloudEventCodec;
import dev.holdfast.model.LedgerRecord;
import dev.holdfast.model.Topics;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * The ledger on Kafka. Unlike the engine's, which waits for as long as Kafka is away, it
 * gives up after half a minute: a command ends and says so.
 */
final class KafkaLedger implements Ledger, AutoCloseable {

	private static final byte[] CONTENT_TYPE = CloudEventCodec.CONTENT_TYPE.getBytes(StandardCharsets.UTF_8);

	private static final int GIVE_UP_MILLIS = 30_000;

	private static final int REQUEST_MILLIS = 10_000;

	private final CloudEventCodec codec = new CloudEventCodec();

	private final KafkaProducer<byte[], byte[]> producer;

	KafkaLedger(Map<String, Object> clientProperties) {
		Map<String, Object> properties = new HashMap<>(clientProperties);
		properties.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
		properties.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
		properties.put(ProducerConfig.ACKS_CONFIG, "all");
		properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
		properties.put(ProducerConfig.LINGER_MS_CONFIG, 2);
		properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, GIVE_UP_MILLIS);
		properties.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, REQUEST_MILLIS);
		properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, GIVE_UP_MILLIS);
		this.producer = new KafkaProducer<>(properties);
	}

	@Override
	public void write(LedgerRecord entry) throws InterruptedException {
		ProducerRecord<byte[], byte[]> message = new ProducerRecord<>(Topics.REPLICAS, entry.key(),
				this.codec.encode(entry));
		message.headers().add("content-type", CONTENT_TYPE);
		try {
			this.producer.send(message).get();
		}
		catch (InterruptException ex) {
			Thread.interrupted();
			throw new InterruptedException("write to the ledger");
		}
		catch (ExecutionException ex) {
			throw (ex.getCause() instanceof KafkaException kafka) ? kafka
					: new KafkaException("The ledger's record was not acknowledged", ex.getCause());
		}
	}

	@Override
	public void close() {
		this.producer.close();
	}

}
