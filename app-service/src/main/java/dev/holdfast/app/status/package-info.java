/**
 * The status API: what became of a file, and of all of them.
 */
@NullMarked
package dev.holdfast.app.status;

import org.jspecify.annotations.NullMarked;
