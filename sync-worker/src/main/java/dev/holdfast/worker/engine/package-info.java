/**
 * The replication engine: what arrives on the topics is carried out in order per file,\n
 * * within bounds, and its offset committed when that is done.
 */
@NullMarked
package dev.holdfast.worker.engine;

import org.jspecify.annotations.NullMarked;
