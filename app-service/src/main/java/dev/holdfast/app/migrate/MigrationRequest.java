package dev.holdfast.app.migrate;

import org.jspecify.annotations.Nullable;

/**
 * What a client asks for.
 *
 * @param from the source folder, as app-service sees it
 * @param volume the volume
 * @param to the directory on the volume; its root where absent
 * @param dryRun whether to change nothing and tell what would be done
 * @param cleanup whether to remove sources whose copies are safe, and copy nothing
 */
record MigrationRequest(@Nullable String from, @Nullable String volume, @Nullable String to, @Nullable Boolean dryRun,
		@Nullable Boolean cleanup) {

}
