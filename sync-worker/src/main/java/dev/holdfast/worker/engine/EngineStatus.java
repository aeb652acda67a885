package dev.holdfast.worker.engine;

import java.util.List;
import java.util.Map;

import dev.holdfast.model.VolumeName;
import dev.holdfast.worker.retry.GateStatus;

/**
 * How the engine is doing, for whoever wants to show it.
 */
public final class EngineStatus {

	private final Engine engine;

	private final Assignments assignments;

	private final Gates gates;

	private final Flow flow;

	private final EngineMetrics metrics;

	private final EngineLifecycle lifecycle;

	private final Readers readers;

	EngineStatus(Engine engine, Assignments assignments, Gates gates, Flow flow, EngineMetrics metrics,
			EngineLifecycle lifecycle, Readers readers) {
		this.engine = engine;
		this.assignments = assignments;
		this.gates = gates;
		this.flow = flow;
		this.metrics = metrics;
		this.lifecycle = lifecycle;
		this.readers = readers;
	}

	/**
	 * Whether the store is there.
	 */
	public GateStatus store() {
		return this.gates.store();
	}

	/**
	 * Asks the store, and takes note of the answer.
	 */
	public void checkStore() {
		this.gates.checkStore();
	}

	/**
	 * Whether the volumes are there that files have been read from so far.
	 */
	public Map<VolumeName, GateStatus> volumes() {
		return this.gates.volumes();
	}

	/**
	 * Whether the topics are being read: bound to, though perhaps paused.
	 */
	public boolean isConsuming() {
		return idleReason().isEmpty();
	}

	/**
	 * Why the topics are not being read; empty where they are.
	 */
	public String idleReason() {
		if (!this.lifecycle.isConsuming()) {
			return "reading has not begun, or has ended: Kafka or its topics are not there yet, or the worker stops";
		}
		List<String> unread = this.readers.unread();
		return unread.isEmpty() ? ""
				: "nobody reads " + String.join(" and ", unread) + ": the log says why it stopped; restart the worker";
	}

	/**
	 * Whether reading the events is paused, for an outage or because enough is in flight.
	 */
	public boolean isPaused() {
		return this.flow.isPaused(Flow.Source.EVENTS);
	}

	/**
	 * How many records were received and have not ended.
	 */
	public long inFlight() {
		return this.metrics.inFlight();
	}

	/**
	 * How many bytes the files of these have.
	 */
	public long inFlightBytes() {
		return this.assignments.bytes();
	}

	/**
	 * How many events wait in the retry lane until they are due.
	 */
	public int waitingRetries() {
		return this.engine.waitingRetries();
	}

	/**
	 * How many records a crash would bring again.
	 */
	public int gap() {
		return this.assignments.gap();
	}

}
