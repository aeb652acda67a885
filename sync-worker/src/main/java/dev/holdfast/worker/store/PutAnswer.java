package dev.holdfast.worker.store;

import org.jspecify.annotations.Nullable;

/**
 * What a store answered to a put that it says it has carried out.
 *
 * @param etag the object's entity tag, without quotes; empty where the store gave none
 * @param objectVersion its version id, where the bucket is versioned
 * @param sent the checksum that went along, {@code null} for none
 * @param shown the checksum that the store says the object has, {@code null} where it
 * does not say
 */
record PutAnswer(String etag, @Nullable String objectVersion, @Nullable String sent, @Nullable String shown) {

	/** Of each part by itself, or of the parts' checksums, which proves nothing. */
	private boolean showsWhole() {
		return this.shown != null && !this.shown.contains("-");
	}

	/**
	 * Whether this shows that the store has the very bytes that were sent.
	 */
	boolean proves() {
		return this.sent != null && this.sent.equals(this.shown);
	}

	/**
	 * Whether this shows that the store has other bytes.
	 */
	boolean contradicts() {
		return this.sent != null && showsWhole() && !this.sent.equals(this.shown);
	}

}
