package dev.holdfast.worker.store;

/**
 * What must hold at the store, in the moment of the put, for it to happen.
 */
public sealed interface PutCondition {

	/** There is no object under the key ({@code If-None-Match: *}). */
	record Absent() implements PutCondition {
	}

	/**
	 * The object under the key is still this very one: not another, not even one with the
	 * same bytes, and so with the same entity tag.
	 *
	 * @param seen the object, as {@link ObjectStore#head} or {@link ObjectStore#put}
	 * returned it
	 */
	record Replaces(StoredObject seen) implements PutCondition {
	}

}
