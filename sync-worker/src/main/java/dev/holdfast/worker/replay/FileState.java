package dev.holdfast.worker.replay;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

import dev.holdfast.model.Digest;
import dev.holdfast.model.Version;
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

	private volatile long written = NONE;

	/**
	 * Takes an event where it is not older than the one that is known.
	 * @return whether another event gives way
	 */
	boolean stored(long eventVersion, long eventSize, long eventDigest, int eventPartition, long eventOffset) {
		boolean first = this.version == NONE;
		if (eventVersion >= this.version) {
			take(eventVersion, false, eventPartition, eventOffset);
			this.size = eventSize;
			this.digest = eventDigest;
		}
		return !first;
	}

	/** As {@link #stored}, for a file that was deleted. */
	boolean deleted(long eventVersion, int eventPartition, long eventOffset) {
		boolean first = this.version == NONE;
		if (eventVersion >= this.version) {
			take(eventVersion, true, eventPartition, eventOffset);
		}
		return !first;
	}

	private void take(long eventVersion, boolean isDeleted, int eventPartition, long eventOffset) {
		this.version = eventVersion;
		this.deleted = isDeleted;
		this.partition = eventPartition;
		this.offset = eventOffset;
	}

	void replicated(long entryVersion, long entrySize, long entryDigest, long entryTag) {
		this.ledgerVersion = entryVersion;
		this.ledgerRemoved = false;
		this.ledgerSize = entrySize;
		this.ledgerDigest = entryDigest;
		this.ledgerTag = entryTag;
	}

	void removed(long entryVersion) {
		this.ledgerVersion = entryVersion;
		this.ledgerRemoved = true;
	}

	void listed(ObjectPage.Entry object) {
		this.listedSize = object.size();
		this.listedTag = hash(object.etag());
	}

	/** Whether an event of the file was read. */
	boolean hasEvent() {
		return this.version != NONE;
	}

	/** This replay has written to the ledger what became of an event. */
	void written(Version eventVersion) {
		this.written = eventVersion.value();
	}

	/** Whether the ledger's last word may be ours, and there is a later event. */
	boolean isOutrun(Version by) {
		return this.written != NONE && by.value() > this.written;
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

	/** A digest's first 64 bits. */
	static long prefix(String hex) {
		return HexFormat.fromHexDigitsToLong(hex, 0, PREFIX_DIGITS);
	}

	/** 64 bits that stand for a text. */
	static long hash(String text) {
		return ByteBuffer.wrap(Digest.newSha256().digest(text.getBytes(StandardCharsets.UTF_8))).getLong();
	}

}
