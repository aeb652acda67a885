package dev.holdfast.app.scan;

import dev.holdfast.app.volume.FileStat;
import dev.holdfast.app.volume.Place;

/**
 * Tells whether a program has a file open for writing, where the system tells. Asked
 * before a file is read, and again after it was hashed.
 */
@FunctionalInterface
public interface WriterProbe {

	/** Where the system does not tell: settle time alone decides. */
	WriterProbe NONE = (_, _) -> Answer.UNKNOWN;

	/** What the system says. */
	enum Answer {

		/** A program has it open for writing. */
		WRITTEN,

		/** No program has it open for writing. */
		NOT_WRITTEN,

		/** The system does not tell, of this file or at all. */
		UNKNOWN

	}

	/**
	 * Asks about the file at this place. Never throws: what goes wrong is
	 * {@link Answer#UNKNOWN}.
	 * @param seen what was seen here; the answer has to be about that inode
	 */
	Answer openForWriting(Place place, FileStat seen);

}
