/**
 * The replication engine: what arrives on the topic is carried out on the store, in
 * order\n * per file, and its offset committed when that is done.
 */
@NullMarked
package dev.holdfast.worker.replicate;

import org.jspecify.annotations.NullMarked;
