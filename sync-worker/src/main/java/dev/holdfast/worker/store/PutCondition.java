package dev.holdfast.worker.store;

/**
 * What must hold at the store, in the moment of the put, for it to happen.
 */
public sealed interface PutCondition {

	/** There is no object under the key ({@code If-None-Match: *}). */
	record Absent() implements PutCondition {
	}

	/**
	 * The object under the key is this one ({@code If-Match}).
	 *
	 * @param etag its entity tag, as {@link StoredObject#etag()} has it
	 */
	record Matches(String etag) implements PutCondition {
	}

}
