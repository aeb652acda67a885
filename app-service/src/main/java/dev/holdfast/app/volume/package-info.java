/**
 * The volumes: named directory trees with a marker that proves their identity, paths that
 * never lead out of them, and files that appear whole or not at all.
 */
@NullMarked
package dev.holdfast.app.volume;

import org.jspecify.annotations.NullMarked;
