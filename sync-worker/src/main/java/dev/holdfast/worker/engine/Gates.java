package dev.holdfast.worker.engine;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

import dev.holdfast.model.MediaStored;
import dev.holdfast.model.VolumeName;
import dev.holdfast.worker.retry.GateStatus;
import dev.holdfast.worker.retry.OutageGate;
import dev.holdfast.worker.source.SourceException;
import dev.holdfast.worker.store.StoreException;

/**
 * The gates that work has to pass: that of the store, and for a file that has to be read
 * that of its volume. While a volume is away only its own files wait, so that the topic
 * goes on for the others.
 */
final class Gates implements AutoCloseable {

	private final OutageGate store;

	private final Function<VolumeName, OutageGate> makeGate;

	private final Map<VolumeName, OutageGate> volumes = new ConcurrentHashMap<>();

	Gates(OutageGate store, Function<VolumeName, OutageGate> makeGate) {
		this.store = store;
		this.makeGate = makeGate;
	}

	/** What is behind a gate is away: work goes back and waits. */
	static final class AwayException extends Exception {

		AwayException(Exception cause) {
			super(cause.getMessage(), cause);
		}

	}

	/**
	 * Lets work through both gates, or has it wait at one.
	 */
	boolean enter(Work work) {
		if (!this.store.enter(work)) {
			return false;
		}
		if (work.event() instanceof MediaStored && !volume(work).enter(work)) {
			this.store.left();
			return false;
		}
		return true;
	}

	/**
	 * Tells an outage from another failure, and closes the gate where it is one.
	 * @throws AwayException where it is
	 */
	void check(Work work, Exception failure) throws AwayException, InterruptedException {
		boolean away = switch (failure) {
			case StoreException ex -> switch (ex.kind()) {
				// A store that hangs shows as timeouts: only the probe tells it from a
				// bad moment.
				case UNREACHABLE, DENIED, NO_BUCKET, TRANSIENT, THROTTLED -> this.store.suspect(ex);
				case CONFLICT, REFUSED_BYTES, NOT_FOUND, PERMANENT -> false;
			};
			case SourceException ex -> {
				if (ex.kind() == SourceException.Kind.VOLUME_AWAY) {
					volume(work).away(ex);
				}
				yield ex.kind() == SourceException.Kind.VOLUME_AWAY;
			}
			default -> false;
		};
		if (away) {
			throw new AwayException(failure);
		}
	}

	void succeeded(Work work) {
		this.store.succeeded();
		leftVolume(work);
	}

	/**
	 * The store failed the work.
	 * @return whether the work is to wait, because it is the store's failure and not its
	 * own
	 */
	boolean failed(Work work, Exception failure) {
		boolean waits = this.store.failed(work.event().id().toString(), failure);
		leftVolume(work);
		return waits;
	}

	void left(Work work) {
		this.store.left();
		leftVolume(work);
	}

	/**
	 * The store asks for less traffic and went on to after several attempts.
	 */
	void throttled(Exception failure) {
		this.store.away(failure);
	}

	/**
	 * Finds out whether the store is there, without waiting for work to find out.
	 */
	void checkStore() {
		try {
			this.store.suspect(new IllegalStateException("asked for"));
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	GateStatus store() {
		return this.store.status();
	}

	Map<VolumeName, GateStatus> volumes() {
		Map<VolumeName, GateStatus> found = new TreeMap<>();
		this.volumes.forEach((name, gate) -> found.put(name, gate.status()));
		return found;
	}

	int waiting() {
		return this.store.waiting() + this.volumes.values().stream().mapToInt(OutageGate::waiting).sum();
	}

	private void leftVolume(Work work) {
		if (work.event() instanceof MediaStored) {
			volume(work).left();
		}
	}

	private OutageGate volume(Work work) {
		return this.volumes.computeIfAbsent(work.event().volume(), this.makeGate);
	}

	@Override
	public void close() {
		this.store.close();
		this.volumes.values().forEach(OutageGate::close);
	}

}
