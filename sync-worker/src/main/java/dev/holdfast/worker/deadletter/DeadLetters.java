package dev.holdfast.worker.deadletter;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

import dev.holdfast.model.FailureClass;
import dev.holdfast.model.MediaId;
import dev.holdfast.model.StoreName;
import dev.holdfast.model.Topics;
import dev.holdfast.worker.kafka.Publisher;
import dev.holdfast.worker.retry.RetryHeaders;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RecordTooLargeException;

/**
 * Writes dead letters of one store: events that no more attempts are made for until a
 * person redrives them. The topic is compacted and keyed by store and file, so that it
 * holds one letter per file, the latest.
 */
public final class DeadLetters {

	/** Which kind of failure it was. */
	static final String FAILURE_CLASS = "holdfast-failure-class";

	/** When no more attempts were made, in milliseconds since the epoch. */
	static final String FAILED_AT = "holdfast-failed-at";

	/** The length of a value that was too large to be kept whole. */
	static final String TRUNCATED_FROM = "holdfast-truncated-from";

	/** Of a record that is too large for a topic, enough is kept to see what it was. */
	private static final int TRUNCATED_BYTES = 16 * 1024;

	private final StoreName store;

	private final Publisher publisher;

	/**
	 * The dead letters of a store.
	 */
	public DeadLetters(StoreName store, Publisher publisher) {
		this.store = store;
		this.publisher = publisher;
	}

	/**
	 * Why an event became a dead letter.
	 *
	 * @param failureClass which kind of failure it was
	 * @param reason what went wrong
	 * @param attempts how many attempts were made
	 * @param firstFailure when the first of them failed
	 * @param failedAt when the last of them failed
	 * @param origin where the event was first read
	 */
	public record Cause(FailureClass failureClass, String reason, int attempts, Instant firstFailure, Instant failedAt,
			String origin) {
	}

	/**
	 * The letter of a file's event.
	 * @param value the event as it was read
	 * @return completes when the letter is written
	 */
	public CompletableFuture<Void> add(MediaId id, byte[] value, Cause cause) {
		return write(key(this.store, id), value, cause);
	}

	/**
	 * The letter of a record that is no event.
	 * @param value the record's value as it was read
	 * @return completes when the letter is written
	 */
	public CompletableFuture<Void> addMalformed(TopicPartition partition, long offset, byte[] value, Cause cause) {
		String key = this.store + "/!" + partition.topic() + "/" + partition.partition() + "/" + offset;
		return write(key.getBytes(StandardCharsets.UTF_8), value, cause);
	}

	static byte[] key(StoreName store, MediaId id) {
		return (store + "/" + id).getBytes(StandardCharsets.UTF_8);
	}

	private CompletableFuture<Void> write(byte[] key, byte[] value, Cause cause) {
		return this.publisher.publish(letter(key, value, cause)).exceptionallyCompose((failure) -> {
			Throwable unwrapped = (failure instanceof CompletionException) ? failure.getCause() : failure;
			if (unwrapped instanceof RecordTooLargeException && value.length > TRUNCATED_BYTES) {
				ProducerRecord<byte[], byte[]> shorter = letter(key, Arrays.copyOf(value, TRUNCATED_BYTES), cause);
				RetryHeaders.put(shorter.headers(), TRUNCATED_FROM, Integer.toString(value.length));
				return this.publisher.publish(shorter);
			}
			return CompletableFuture.failedFuture(failure);
		});
	}

	private ProducerRecord<byte[], byte[]> letter(byte[] key, byte[] value, Cause cause) {
		ProducerRecord<byte[], byte[]> letter = new ProducerRecord<>(Topics.DEAD_LETTERS, key, value);
		RetryHeaders.put(letter.headers(), RetryHeaders.STORE, this.store.value());
		RetryHeaders.put(letter.headers(), RetryHeaders.REASON, cause.reason());
		RetryHeaders.put(letter.headers(), FAILURE_CLASS, cause.failureClass().name());
		RetryHeaders.put(letter.headers(), RetryHeaders.ATTEMPTS, Integer.toString(cause.attempts()));
		RetryHeaders.put(letter.headers(), RetryHeaders.FIRST_FAILURE,
				Long.toString(cause.firstFailure().toEpochMilli()));
		RetryHeaders.put(letter.headers(), FAILED_AT, Long.toString(cause.failedAt().toEpochMilli()));
		RetryHeaders.put(letter.headers(), RetryHeaders.ORIGIN, cause.origin());
		return letter;
	}

}
