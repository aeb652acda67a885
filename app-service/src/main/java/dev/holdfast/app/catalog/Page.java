package dev.holdfast.app.catalog;

import java.util.List;

import dev.holdfast.model.MediaId;
import org.jspecify.annotations.Nullable;

/**
 * Some of the files that were asked for.
 *
 * @param files in the order of volume and path
 * @param next the file to ask for more after, {@code null} where this is the last page
 */
public record Page(List<FileStatus> files, @Nullable MediaId next) {

	/**
	 * Copies the list.
	 */
	public Page {
		files = List.copyOf(files);
	}

}
