/**
 * The topics Holdfast owns: their specification, their creation, and what differs from
 * it.
 */
@NullMarked
package dev.holdfast.kafka;

import org.jspecify.annotations.NullMarked;
