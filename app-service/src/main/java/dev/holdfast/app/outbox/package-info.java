/**
 * The relay that publishes what the catalog's outbox holds.
 */
@NullMarked
package dev.holdfast.app.outbox;

import org.jspecify.annotations.NullMarked;
