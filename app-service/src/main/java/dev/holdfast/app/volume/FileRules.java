package dev.holdfast.app.volume;

import dev.holdfast.model.MediaId;

/**
 * Which files of a volume Holdfast looks after when it finds them there: scan and watch
 * take these and pass over the others, as if they were not there. An upload through the
 * API is explicit and needs no rule.
 * <p>
 * Paths are relative to the volume's root, without a leading or trailing {@code /}, and
 * compared byte for byte: nothing is normalised, and case counts. Holdfast's own
 * directory is never covered.
 */
public interface FileRules {

	/** Covers every file but Holdfast's own. */
	FileRules ALL = new FileRules() {

		@Override
		public boolean covers(String relativePath) {
			return !FileRules.isReserved(relativePath);
		}

		@Override
		public boolean mayCover(String directory) {
			return !FileRules.isReserved(directory);
		}

		@Override
		public String toString() {
			return "all files";
		}

	};

	/**
	 * Whether the file is looked after.
	 */
	boolean covers(String relativePath);

	/**
	 * Whether anything below the directory may be covered. Where not, the directory need
	 * not be entered nor watched. {@code true} promises nothing.
	 * @param directory the directory, or the empty string for the root
	 */
	boolean mayCover(String directory);

	/**
	 * Whether the path is Holdfast's own directory or lies in it.
	 */
	static boolean isReserved(String relativePath) {
		return relativePath.equals(MediaId.RESERVED) || relativePath.startsWith(MediaId.RESERVED + "/");
	}

}
