/**
 * Kills parts at random under load and checks afterwards that every promise was kept.
 */
@NullMarked
package dev.holdfast.it.chaos;

import org.jspecify.annotations.NullMarked;
