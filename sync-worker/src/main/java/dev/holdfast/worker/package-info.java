/**
 * sync-worker: owns the stores. Replicates media files, keeps the ledger, replays the
 * topic.
 */
@NullMarked
package dev.holdfast.worker;

import org.jspecify.annotations.NullMarked;
