package dev.holdfast.worker.store;

import org.jspecify.annotations.Nullable;

/**
 * A store did not do what it was asked. Says which operation on which key failed, why,
 * and, where a person can do something about it, what.
 */
public final class StoreException extends Exception {

	/** What kind of failure it was; this alone decides what the caller does next. */
	public enum Kind {

		/** The condition of a put does not hold, or another writer was at the key. */
		CONFLICT,

		/** The bytes sent were not those of the digest. */
		REFUSED_BYTES,

		/** There is no such object. */
		NOT_FOUND,

		/** A passing fault: an error of the server's own, a timeout, a reset. */
		TRANSIENT,

		/** The store asks for less traffic. */
		THROTTLED,

		/** The store cannot be reached at all. */
		UNREACHABLE,

		/** The credentials are refused, or may not do this. */
		DENIED,

		/** The bucket does not exist. */
		NO_BUCKET,

		/** The request can never succeed as it is. */
		PERMANENT

	}

	private final Kind kind;

	private final String operation;

	private final @Nullable String key;

	private final String hint;

	/**
	 * A failure of an operation.
	 * @param kind what kind it was
	 * @param operation what was tried, for example {@code put}
	 * @param key the object key, where the operation had one
	 * @param hint what a person can do about it, empty where there is nothing to do
	 * @param reason what went wrong
	 */
	public StoreException(Kind kind, String operation, @Nullable String key, String reason, String hint,
			@Nullable Throwable cause) {
		super(operation + ((key != null) ? " '" + key + "'" : "") + ": " + reason
				+ (hint.isEmpty() ? "" : " (" + hint + ")"), cause);
		this.kind = kind;
		this.operation = operation;
		this.key = key;
		this.hint = hint;
	}

	public Kind kind() {
		return this.kind;
	}

	/**
	 * What was tried.
	 */
	public String operation() {
		return this.operation;
	}

	/**
	 * The object key, {@code null} where the operation was about none.
	 */
	public @Nullable String key() {
		return this.key;
	}

	/**
	 * What a person can do about it, empty where there is nothing to do.
	 */
	public String hint() {
		return this.hint;
	}

}
