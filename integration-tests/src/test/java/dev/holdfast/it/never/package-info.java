/**
 * The things that may never happen, each with a class that tries to make it happen.
 */
@NullMarked
package dev.holdfast.it.never;

import org.jspecify.annotations.NullMarked;
