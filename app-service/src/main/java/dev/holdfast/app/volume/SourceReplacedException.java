package dev.holdfast.app.volume;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Where a source folder was, there is another directory now, or none.
 */
public final class SourceReplacedException extends IOException {

	SourceReplacedException(Path root) {
		super("The source folder " + root + ", or a directory above it, was replaced while it was migrated: there is"
				+ " another directory now, or none. Nothing more is read from it or removed there; see who replaced it,"
				+ " and run this again");
	}

}
