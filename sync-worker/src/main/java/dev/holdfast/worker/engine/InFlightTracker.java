package dev.holdfast.worker.engine;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;

import org.jspecify.annotations.Nullable;

/**
 * What of one partition has been received and not yet been dealt with. Records are dealt
 * with in any order; the offset that may be committed is that of the last record before
 * the first unfinished one. So each completion acknowledges at most one record: the
 * highest of the finished ones that nothing unfinished lies before.
 * <p>
 * A tracker lives from the assignment of a partition to its loss, or until the partition
 * goes back behind it. Once dropped it acknowledges nothing more, whatever completes: the
 * partition is another worker's then, or its offsets mean other records, and our word
 * about it would be wrong.
 * <p>
 * Offsets need not be consecutive, because compaction leaves holes. Safe for use by
 * several threads: received on one, completed on any.
 */
final class InFlightTracker {

	/** Received and, from the first unfinished one on, not acknowledged; by offset. */
	private final SequencedMap<Long, Entry> entries = new LinkedHashMap<>();

	private long last = -1;

	private int unfinished;

	private boolean dropped;

	/** What a record that arrives is to this tracker. */
	enum Arrival {

		/** It comes after all that were received. */
		NEXT,

		/**
		 * It is unfinished or waits for one that is: a consumer that seeks back brings it
		 * again.
		 */
		AGAIN,

		/**
		 * The partition went back: to what was acknowledged already, or, where Kafka has
		 * lost its end, to other records at the same offsets.
		 */
		BEFORE

	}

	/** A record that was received. */
	final class Entry {

		private final long offset;

		private final int fingerprint;

		private final Runnable acknowledge;

		private boolean done;

		private Entry(long offset, int fingerprint, Runnable acknowledge) {
			this.offset = offset;
			this.fingerprint = fingerprint;
			this.acknowledge = acknowledge;
		}

		long offset() {
			return this.offset;
		}

		/**
		 * The record has been dealt with; to be called once. Acknowledges what can be
		 * acknowledged by that.
		 * @return whether the tracker still counts: {@code false} once it was dropped
		 */
		boolean complete() {
			return InFlightTracker.this.complete(this);
		}

	}

	/**
	 * A record was received.
	 * @param offset its offset, higher than all before
	 * @param fingerprint tells it from another record that once had this offset
	 * @param acknowledge acknowledges this record and, by that, all before it
	 * @throws IllegalStateException where the offset is not higher, or the tracker was
	 * dropped
	 */
	synchronized Entry received(long offset, int fingerprint, Runnable acknowledge) {
		if (this.dropped) {
			throw new IllegalStateException("Offset " + offset + " was received after the partition was lost");
		}
		if (this.last >= offset) {
			throw new IllegalStateException("Offset " + offset + " was received after " + this.last);
		}
		this.last = offset;
		Entry entry = new Entry(offset, fingerprint, acknowledge);
		this.entries.put(offset, entry);
		this.unfinished++;
		return entry;
	}

	/**
	 * What a record is to this tracker that arrives now. That its offset is not higher
	 * than all before does not say that it was dealt with.
	 */
	synchronized Arrival arrival(long offset, int fingerprint) {
		if (offset > this.last) {
			return Arrival.NEXT;
		}
		Entry present = this.entries.get(offset);
		return (present != null && present.fingerprint == fingerprint) ? Arrival.AGAIN : Arrival.BEFORE;
	}

	/**
	 * The acknowledgement happens inside of the lock: outside of it, a thread that was
	 * overtaken would acknowledge an older record after a newer one, and move the
	 * committed offset back.
	 */
	private synchronized boolean complete(Entry entry) {
		if (entry.done) {
			throw new IllegalStateException("Offset " + entry.offset + " was completed twice");
		}
		entry.done = true;
		this.unfinished--;
		if (this.dropped) {
			return false;
		}
		Entry highest = null;
		for (Map.Entry<Long, Entry> first = this.entries.firstEntry(); first != null
				&& first.getValue().done; first = this.entries.firstEntry()) {
			highest = first.getValue();
			this.entries.pollFirstEntry();
		}
		acknowledge(highest);
		return true;
	}

	private static void acknowledge(@Nullable Entry entry) {
		if (entry != null) {
			entry.acknowledge.run();
		}
	}

	/**
	 * The partition is no longer ours, or went back: nothing is acknowledged from here
	 * on.
	 */
	synchronized void drop() {
		this.dropped = true;
		this.entries.clear();
	}

	/**
	 * How many records were received and not yet dealt with.
	 */
	synchronized int unfinished() {
		return this.unfinished;
	}

	/**
	 * How many records a crash would bring again: the unfinished ones, and those that
	 * finished behind the first of them.
	 */
	synchronized int gap() {
		return this.entries.size();
	}

}
