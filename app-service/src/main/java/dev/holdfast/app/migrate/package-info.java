/**
 * Brings files of other folders onto a volume.
 */
@NullMarked
package dev.holdfast.app.migrate;

import org.jspecify.annotations.NullMarked;
