/**
 * What works and what does not, with reasons: health, metrics and the worker's status.
 */
@NullMarked
package dev.holdfast.worker.health;

import org.jspecify.annotations.NullMarked;
