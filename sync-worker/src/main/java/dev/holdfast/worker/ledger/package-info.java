/**
 * The ledger: what became of each replication, on the topic media.replicas.
 */
@NullMarked
package dev.holdfast.worker.ledger;

import org.jspecify.annotations.NullMarked;
