package dev.holdfast.worker.retry;

import dev.holdfast.model.FailureClass;
import dev.holdfast.worker.source.SourceException;
import dev.holdfast.worker.store.StoreException;

/**
 * What a failed attempt means for what happens next.
 *
 * @param failureClass decides what happens next
 * @param reason what went wrong and, where there is something to do, what
 * @param missing whether it is that the file is missing on its volume, which is given
 * fewer chances than other stubborn failures
 */
public record Failure(FailureClass failureClass, String reason, boolean missing) {

	private static final int LONGEST_REASON = 1000;

	/**
	 * Keeps the reason to a length that fits into headers and lists.
	 */
	public Failure {
		reason = (reason.length() > LONGEST_REASON) ? reason.substring(0, LONGEST_REASON) + "…" : reason;
	}

	/**
	 * What is left of a failure when the attempts in place are used up and no outage
	 * explains it.
	 */
	public static Failure of(Exception exception) {
		return switch (exception) {
			case StoreException ex -> new Failure(classOf(ex.kind()), message(ex), false);
			case SourceException ex ->
				new Failure(classOf(ex.kind()), message(ex), ex.kind() == SourceException.Kind.MISSING);
			default -> new Failure(FailureClass.STUBBORN, "unexpected: " + exception, false);
		};
	}

	/**
	 * Whether another attempt a moment later may succeed.
	 */
	static boolean isTransient(Throwable exception) {
		return switch (exception) {
			case StoreException ex -> switch (ex.kind()) {
				// Without its bucket the store is away; where its probe passes then, the
				// bucket has been made in that moment.
				case TRANSIENT, THROTTLED, UNREACHABLE, REFUSED_BYTES, NO_BUCKET -> true;
				case CONFLICT, NOT_FOUND, DENIED, PERMANENT -> false;
			};
			case SourceException ex -> ex.kind() == SourceException.Kind.TRANSIENT;
			default -> false;
		};
	}

	/**
	 * Whether the store failed in a way that, seen often enough, means that it is away.
	 */
	public static boolean countsAgainstStore(Exception exception) {
		return exception instanceof StoreException ex && switch (ex.kind()) {
			case TRANSIENT, THROTTLED, UNREACHABLE, DENIED, NO_BUCKET -> true;
			case CONFLICT, NOT_FOUND, REFUSED_BYTES, PERMANENT -> false;
		};
	}

	private static FailureClass classOf(StoreException.Kind kind) {
		return switch (kind) {
			case THROTTLED -> FailureClass.OUTAGE;
			case PERMANENT -> FailureClass.PERMANENT;
			case CONFLICT, REFUSED_BYTES, NOT_FOUND, TRANSIENT, UNREACHABLE, DENIED, NO_BUCKET -> FailureClass.STUBBORN;
		};
	}

	private static FailureClass classOf(SourceException.Kind kind) {
		return switch (kind) {
			case CHANGED -> FailureClass.SUPERSEDED;
			case UNREADABLE -> FailureClass.PERMANENT;
			case VOLUME_AWAY -> FailureClass.OUTAGE;
			case MISSING, TRANSIENT -> FailureClass.STUBBORN;
		};
	}

	private static String message(Exception ex) {
		return String.valueOf(ex.getMessage());
	}

}
