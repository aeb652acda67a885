package dev.holdfast.app.catalog;

import java.util.Locale;

/**
 * The numbers and words that the catalog's columns hold for constants. Part of the
 * schema: none may change its meaning.
 */
final class Codes {

	private Codes() {
	}

	static int of(ReplicaState state) {
		return switch (state) {
			case PENDING -> 0;
			case RETRYING -> 1;
			case REPLICATED -> 2;
			case DEAD_LETTERED -> 3;
			case REMOVED -> 4;
			case SUPERSEDED -> throw new IllegalArgumentException("No row is superseded: it is about the latest");
		};
	}

	static ReplicaState state(int code) {
		return switch (code) {
			case 0 -> ReplicaState.PENDING;
			case 1 -> ReplicaState.RETRYING;
			case 2 -> ReplicaState.REPLICATED;
			case 3 -> ReplicaState.DEAD_LETTERED;
			case 4 -> ReplicaState.REMOVED;
			default -> throw unknown("state", code);
		};
	}

	static int of(FileRow.Kind kind) {
		return switch (kind) {
			case HEARD -> 0;
			case STORED -> 1;
			case DELETED -> 2;
		};
	}

	static FileRow.Kind kind(int code) {
		return switch (code) {
			case 0 -> FileRow.Kind.HEARD;
			case 1 -> FileRow.Kind.STORED;
			case 2 -> FileRow.Kind.DELETED;
			default -> throw unknown("kind", code);
		};
	}

	static int of(ChangeKind kind) {
		return switch (kind) {
			case DELETE -> 1;
			case OVERWRITE -> 2;
		};
	}

	static ChangeKind change(int code) {
		return switch (code) {
			case 1 -> ChangeKind.DELETE;
			case 2 -> ChangeKind.OVERWRITE;
			default -> throw unknown("kind of change", code);
		};
	}

	static int of(Hold.Kind kind) {
		return switch (kind) {
			case DELETES -> 1;
			case CHANGES -> 2;
		};
	}

	static Hold.Kind hold(int code) {
		return switch (code) {
			case 1 -> Hold.Kind.DELETES;
			case 2 -> Hold.Kind.CHANGES;
			default -> throw unknown("kind of hold", code);
		};
	}

	static int of(HeldFile.State state) {
		return switch (state) {
			case WAITING -> 0;
			case APPROVED -> 1;
			case REJECTED -> 2;
		};
	}

	static HeldFile.State held(int code) {
		return switch (code) {
			case 0 -> HeldFile.State.WAITING;
			case 1 -> HeldFile.State.APPROVED;
			case 2 -> HeldFile.State.REJECTED;
			default -> throw unknown("state of a held change", code);
		};
	}

	/**
	 * The word for a constant of the model, the same as on the wire.
	 */
	static String word(Enum<?> constant) {
		return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

	static <E extends Enum<E>> E constant(Class<E> type, String word) {
		return Enum.valueOf(type, word.toUpperCase(Locale.ROOT).replace('-', '_'));
	}

	private static CatalogException unknown(String column, int code) {
		return new CatalogException("The catalog holds the " + column + " " + code
				+ ", which this version of Holdfast does not know: run the version that wrote it");
	}

}
