package dev.holdfast.worker.deadletter;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;

import dev.holdfast.model.CloudEventCodec;
import dev.holdfast.model.MalformedEventException;
import dev.holdfast.model.MediaEvent;
import dev.holdfast.worker.retry.RetryHeaders;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;

/**
 * A dead letter, as it lies on the topic.
 */
public final class DeadLetter {

	private static final CloudEventCodec CODEC = new CloudEventCodec();

	private final ConsumerRecord<byte[], byte[]> message;

	private final String name;

	private final Optional<MediaEvent.OfFile> event;

	DeadLetter(ConsumerRecord<byte[], byte[]> message) {
		this.message = message;
		this.event = read(message.value());
		String key = new String(message.key(), StandardCharsets.UTF_8);
		this.name = this.event.map((present) -> present.id().toString())
			.orElseGet(() -> key.substring(key.indexOf('/') + 1));
	}

	private static Optional<MediaEvent.OfFile> read(byte[] value) {
		try {
			return (CODEC.decodeEvent(value) instanceof MediaEvent.OfFile ofFile) ? Optional.of(ofFile)
					: Optional.empty();
		}
		catch (MalformedEventException ex) {
			return Optional.empty();
		}
	}

	/**
	 * {@code volume/path} of the media file; for a record that is no event, where it was
	 * read, as {@code !topic/partition/offset}.
	 */
	public String name() {
		return this.name;
	}

	/**
	 * The event, empty where the record is none.
	 */
	public Optional<MediaEvent.OfFile> event() {
		return this.event;
	}

	/**
	 * The store it was for.
	 */
	public String store() {
		return text(RetryHeaders.STORE);
	}

	/**
	 * What went wrong.
	 */
	public String reason() {
		return text(RetryHeaders.REASON);
	}

	/**
	 * Which kind of failure it was.
	 */
	public String failureClass() {
		return text(DeadLetters.FAILURE_CLASS);
	}

	/**
	 * How many attempts were made.
	 */
	public int attempts() {
		String attempts = text(RetryHeaders.ATTEMPTS);
		return attempts.matches("\\d{1,9}") ? Integer.parseInt(attempts) : 0;
	}

	/**
	 * When the first attempt failed.
	 */
	public Instant firstFailure() {
		return instant(RetryHeaders.FIRST_FAILURE);
	}

	/**
	 * When the last attempt failed.
	 */
	public Instant failedAt() {
		return instant(DeadLetters.FAILED_AT);
	}

	/**
	 * Where the event was first read, as {@code topic-partition@offset}.
	 */
	public String origin() {
		return text(RetryHeaders.ORIGIN);
	}

	/**
	 * Whether the record was too large to be kept whole, so that it cannot be redriven.
	 */
	public boolean isTruncated() {
		return RetryHeaders.text(headers(), DeadLetters.TRUNCATED_FROM).isPresent();
	}

	byte[] key() {
		return this.message.key();
	}

	byte[] value() {
		return this.message.value();
	}

	private Headers headers() {
		return this.message.headers();
	}

	private String text(String header) {
		return RetryHeaders.text(headers(), header).orElse("");
	}

	private Instant instant(String header) {
		String millis = text(header);
		return millis.matches("\\d{1,15}") ? Instant.ofEpochMilli(Long.parseLong(millis))
				: Instant.ofEpochMilli(this.message.timestamp());
	}

}
