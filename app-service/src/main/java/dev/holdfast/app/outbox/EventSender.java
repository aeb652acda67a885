package dev.holdfast.app.outbox;

import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

/**
 * Sends events to the log.
 */
interface EventSender extends AutoCloseable {

	/**
	 * Sends one event. Returns before the outcome is known, or throws where it cannot
	 * even be tried.
	 * @param done is told once, on any thread: {@code null} when every in-sync replica
	 * has the event, else why not
	 */
	void send(byte[] key, byte[] value, Consumer<@Nullable Exception> done);

	@Override
	void close();

}
