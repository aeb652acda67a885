/**
 * The worker's command line.
 */
@NullMarked
package dev.holdfast.worker.cli;

import org.jspecify.annotations.NullMarked;
