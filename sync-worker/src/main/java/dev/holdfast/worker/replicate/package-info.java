/**
 * Carries out one event on one store: fenced, idempotent, without retries of its own.
 */
@NullMarked
package dev.holdfast.worker.replicate;

import org.jspecify.annotations.NullMarked;
