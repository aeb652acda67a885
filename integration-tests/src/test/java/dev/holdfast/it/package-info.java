/**
 * Holdfast as its users meet it: whole processes, asked over their public interfaces.
 */
@NullMarked
package dev.holdfast.it;

import org.jspecify.annotations.NullMarked;
