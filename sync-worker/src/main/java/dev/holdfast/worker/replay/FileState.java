package dev.holdfast.worker.replay;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

import dev.holdfast.model.Digest;
import dev.holdfast.model.MediaDeleted;
import dev.holdfast.model.MediaEvent;
import dev.holdfast.model.MediaStored;
import dev.holdfast.model.ReplicaRemoved;
import dev.holdfast.model.Replicated;
import dev.holdfast.worker.store.ObjectPage;

/**
 * What three witnesses say of one file: the latest event, the latest word of the ledger,
 * and the bucket's listing. Hundreds of thousands of these are in memory at a time, so
 * that digests and entity tags are kept as 64 bits of themselves; and an event is kept as
 * where it lies on the topic.
 * <p>
 * Each witness is written by one thread, and read when all have ended.
 */
final class FileState {

	private static final int PREFIX_DIGITS = 16;

	private static final int HEX = 16;

	private static final long NONE = -1;

	/** What is to be done about a file. */
	enum Verdict {

		/** No event of this file was read: nothing to do with it. */
		UNKNOWN,

		/** The ledger has this version, and the bucket has what the ledger has. */
		THERE,

		/** Deleted, and the ledger says that this was carried out. */
		DELETED,

		/** Has to be looked at; the bucket lists an object. */
		DOUBTFUL,

		/** Has to be replayed; the bucket lists no object. */
		ABSENT

	}

	private long version = NONE;

	private boolean deleted;

	private long size;

	private long digest;

	private int partition;

	private long offset = NONE;

	private long ledgerVersion = NONE;

	private boolean ledgerRemoved;

	private long ledgerSize;

	private long ledgerDigest;

	private long ledgerTag;

	private long listedSize = NONE;

	private long listedTag;

	/**
	 * Takes an event where it is not older than the one that is known.
	 * @return whether another event gives way
	 */
	boolean event(MediaEvent.OfFile event, int eventPartition, long eventOffset) {
		boolean first = this.version == NONE;
		if (event.version().value() < this.version) {
			return true;
		}
		this.version = event.version().value();
		this.partition = eventPartition;
		this.offset = eventOffset;
		switch (event) {
			case MediaStored stored -> {
				this.deleted = false;
				this.size = stored.size();
				this.digest = prefix(stored.digest());
			}
			case MediaDeleted _ -> this.deleted = true;
		}
		return !first;
	}

	void replicated(Replicated entry) {
		this.ledgerVersion = entry.version().value();
		this.ledgerRemoved = false;
		this.ledgerSize = entry.size();
		this.ledgerDigest = prefix(entry.digest());
		this.ledgerTag = hash(entry.etag());
	}

	void removed(ReplicaRemoved entry) {
		this.ledgerVersion = entry.version().value();
		this.ledgerRemoved = true;
	}

	void listed(ObjectPage.Entry object) {
		this.listedSize = object.size();
		this.listedTag = hash(object.etag());
	}

	/** Whether it is this very record of the topic that tells the file's latest state. */
	boolean isLatest(int eventPartition, long eventOffset) {
		return this.offset == eventOffset && this.partition == eventPartition;
	}

	int partition() {
		return this.partition;
	}

	long offset() {
		return this.offset;
	}

	Verdict verdict() {
		if (this.version == NONE) {
			return Verdict.UNKNOWN;
		}
		boolean ledgerIsUpToDate = this.ledgerVersion == this.version && this.ledgerRemoved == this.deleted;
		if (this.deleted) {
			return ledgerIsUpToDate ? Verdict.DELETED : Verdict.DOUBTFUL;
		}
		if (this.listedSize == NONE) {
			return Verdict.ABSENT;
		}
		boolean ledgerMeansTheEvent = ledgerIsUpToDate && this.ledgerDigest == this.digest
				&& this.ledgerSize == this.size;
		boolean bucketHasIt = this.listedSize == this.ledgerSize && this.listedTag == this.ledgerTag;
		return (ledgerMeansTheEvent && bucketHasIt) ? Verdict.THERE : Verdict.DOUBTFUL;
	}

	private static long prefix(Digest digest) {
		return Long.parseUnsignedLong(digest.hex(), 0, PREFIX_DIGITS, HEX);
	}

	private static long hash(String text) {
		return ByteBuffer.wrap(Digest.newSha256().digest(text.getBytes(StandardCharsets.UTF_8))).getLong();
	}

}
