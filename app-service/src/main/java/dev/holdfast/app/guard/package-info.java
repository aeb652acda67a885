/**
 * The guard: what may be concluded from changes that were seen on a volume, and what
 * waits for a person.
 */
@NullMarked
package dev.holdfast.app.guard;

import org.jspecify.annotations.NullMarked;
