/**
 * The benchmark: not a test, nothing here asserts a time. {@code ./holdfast-dev bench}
 * starts it, docs/BENCHMARKS.md has what it found.
 */
@NullMarked
package dev.holdfast.bench;

import org.jspecify.annotations.NullMarked;
