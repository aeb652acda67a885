/**
 * The watcher: sees what other programs do on a volume, waits until a file is finished,
 * and has it recorded. Where it may have missed something it knows, says so, and looks.
 */
@NullMarked
package dev.holdfast.app.watch;

import org.jspecify.annotations.NullMarked;
