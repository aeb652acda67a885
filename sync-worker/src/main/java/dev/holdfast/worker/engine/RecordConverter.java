package dev.holdfast.worker.engine;

import java.lang.reflect.Type;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

import org.springframework.kafka.support.Acknowledgment;
import org.springframework.kafka.support.converter.RecordMessageConverter;
import org.springframework.messaging.Message;
import org.springframework.messaging.support.GenericMessage;

/**
 * Hands a record through as it is. The default converter maps a dozen headers per record,
 * parses them as JSON where it can, and hides the record behind them.
 */
final class RecordConverter implements RecordMessageConverter {

	private static final String RECORD = "holdfast_record";

	private static final String ACKNOWLEDGMENT = "holdfast_acknowledgment";

	private static final byte[] NOTHING = new byte[0];

	@Override
	public Message<?> toMessage(ConsumerRecord<?, ?> message, @Nullable Object acknowledgment,
			@Nullable Object consumer, @Nullable Type payloadType) {
		Map<String, Object> headers = HashMap.newHashMap(2);
		headers.put(RECORD, message);
		headers.put(ACKNOWLEDGMENT,
				Objects.requireNonNull(acknowledgment, "The binding must acknowledge by hand: ack-mode MANUAL"));
		return new GenericMessage<>((message.value() instanceof byte[] value) ? value : NOTHING, headers);
	}

	@Override
	public ProducerRecord<?, ?> fromMessage(Message<?> message, @Nullable String defaultTopic) {
		throw new UnsupportedOperationException("Only for receiving");
	}

	/**
	 * Hands the record of a message to the intake.
	 */
	@SuppressWarnings("unchecked") // The binding's deserializers are those for bytes.
	static void unwrap(Message<?> message, Intake intake) {
		ConsumerRecord<byte[], byte[]> received = Objects
			.requireNonNull((ConsumerRecord<byte[], byte[]>) message.getHeaders().get(RECORD));
		Acknowledgment acknowledgment = Objects
			.requireNonNull((Acknowledgment) message.getHeaders().get(ACKNOWLEDGMENT));
		intake.accept(received, acknowledgment::acknowledge);
	}

}
