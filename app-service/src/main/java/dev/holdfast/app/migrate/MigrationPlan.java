package dev.holdfast.app.migrate;

import java.nio.file.Path;
import java.util.Locale;

import dev.holdfast.app.volume.SourceTree;
import dev.holdfast.app.volume.Volume;
import dev.holdfast.model.InvalidMediaPathException;
import dev.holdfast.model.MediaId;

/**
 * What is to be brought where.
 *
 * @param source the source folder as it was when this was planned
 * @param volume the volume
 * @param to the directory on the volume, or the empty string for its root
 * @param mode what to do
 * @param boundary which directories below the source folder are not gone into
 */
record MigrationPlan(SourceTree source, Volume volume, String to, Mode mode, Boundary boundary) {

	/** What to do. */
	enum Mode {

		/** Copy what is not there. */
		COPY,

		/** Tell what copying would do. */
		DRY_RUN,

		/** Remove sources whose copies are safe. */
		CLEANUP,

		/** Tell what cleaning up would do. */
		CLEANUP_DRY_RUN;

		static Mode of(boolean dryRun, boolean cleanup) {
			if (cleanup) {
				return dryRun ? CLEANUP_DRY_RUN : CLEANUP;
			}
			return dryRun ? DRY_RUN : COPY;
		}

		boolean isDry() {
			return this == DRY_RUN || this == CLEANUP_DRY_RUN;
		}

		boolean isCleanup() {
			return this == CLEANUP || this == CLEANUP_DRY_RUN;
		}

		String text() {
			return name().toLowerCase(Locale.ROOT).replace('_', '-');
		}

	}

	/**
	 * The path of the source folder, without symbolic links.
	 */
	Path from() {
		return this.source.root();
	}

	/**
	 * Where a path of the source folder is on the volume.
	 */
	String targetOf(String path) {
		if (this.to.isEmpty()) {
			return path;
		}
		return path.isEmpty() ? this.to : this.to + "/" + path;
	}

	/**
	 * The media file that a file of the source folder is to be.
	 * @throws InvalidMediaPathException where no media file can have that name
	 */
	MediaId idOf(String path) {
		return new MediaId(this.volume.name(), targetOf(path));
	}

}
