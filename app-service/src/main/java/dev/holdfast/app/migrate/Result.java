package dev.holdfast.app.migrate;

import dev.holdfast.model.Digest;
import org.jspecify.annotations.Nullable;

/**
 * What became of one file.
 *
 * @param outcome what
 * @param size its length in bytes
 * @param reason why, for a person
 * @param source the digest of the source, where it was taken
 * @param target the digest of the file on the volume, or of the one that it has lost,
 * where it was taken
 * @param ownerKept whether the copy belongs to whom the source belongs
 */
record Result(Outcome outcome, long size, @Nullable String reason, @Nullable Digest source, @Nullable Digest target,
		boolean ownerKept) {

	static Result of(Outcome outcome, long size) {
		return new Result(outcome, size, null, null, null, true);
	}

	static Result of(Outcome outcome, long size, String reason) {
		return new Result(outcome, size, reason, null, null, true);
	}

	static Result copied(long size, boolean ownerKept) {
		return new Result(Outcome.COPIED, size, null, null, null, ownerKept);
	}

	static Result lost(long size, Digest source, Digest recorded) {
		return new Result(Outcome.CONFLICT, size,
				"the volume has lost another file of that name, whose replica this one would replace: put that one back,"
						+ " or delete it by the API, and run this again",
				source, recorded, true);
	}

	static Result conflict(long size, Digest source, Digest target) {
		return new Result(Outcome.CONFLICT, size, "the volume has another file of that name", source, target, true);
	}

}
