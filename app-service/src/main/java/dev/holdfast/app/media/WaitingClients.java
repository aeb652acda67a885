package dev.holdfast.app.media;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/**
 * Places for clients that like to wait until their upload is replicated. Each of them
 * takes the place of a request that could be worked on, and while the store is away they
 * are many; so they never get all places. A preference may be passed over (RFC 7240, 2).
 */
final class WaitingClients {

	private final Semaphore places;

	WaitingClients(int places) {
		this.places = new Semaphore(places);
	}

	/**
	 * Grants what a client asked for, where there is a place.
	 * @param asked empty where it did not ask
	 */
	Granted grant(Optional<Duration> asked) {
		return new Granted(asked.filter((_) -> this.places.tryAcquire()), this.places);
	}

	/**
	 * How long a client may wait, until this is closed.
	 *
	 * @param atMost empty where it may not
	 */
	record Granted(Optional<Duration> atMost, Semaphore places) implements AutoCloseable {

		@Override
		public void close() {
			this.atMost.ifPresent((_) -> this.places.release());
		}

	}

}
