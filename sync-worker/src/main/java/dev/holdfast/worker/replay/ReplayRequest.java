package dev.holdfast.worker.replay;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * What a replay is to do.
 *
 * @param since only files that an event was published of then or later; {@code null} for
 * all
 * @param dryRun whether to change nothing and only report
 */
public record ReplayRequest(@Nullable Instant since, boolean dryRun) {

}
