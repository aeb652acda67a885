/**
 * The one retry layer of each failure class: attempts in place, the delayed retry lane,
 * and\n * the gates that close while a store or a volume is away.
 */
@NullMarked
package dev.holdfast.worker.retry;

import org.jspecify.annotations.NullMarked;
