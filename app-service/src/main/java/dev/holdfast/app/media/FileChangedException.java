package dev.holdfast.app.media;

import java.io.IOException;

import dev.holdfast.app.api.ProblemException;
import dev.holdfast.app.api.ProblemType;
import dev.holdfast.model.MediaId;

/**
 * Another program changed the file while it was read.
 */
final class FileChangedException extends IOException {

	FileChangedException(MediaId id) {
		super(id + " was changed while it was read");
	}

	/**
	 * The answer where looking again does not help.
	 */
	ProblemException toProblem() {
		return new ProblemException(ProblemType.BEING_WRITTEN,
				"Another program is writing to this file just now: try again", this)
			.withHeader("Retry-After", "1");
	}

}
