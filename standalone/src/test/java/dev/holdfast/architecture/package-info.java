/**
 * Rules that hold for the whole code base. They stand here because this module has all
 * others on its class path.
 */
@NullMarked
package dev.holdfast.architecture;

import org.jspecify.annotations.NullMarked;
