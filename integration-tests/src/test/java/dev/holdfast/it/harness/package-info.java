/**
 * Starts, stops, kills and asks the parts of Holdfast as processes of their own.
 */
@NullMarked
package dev.holdfast.it.harness;

import org.jspecify.annotations.NullMarked;
