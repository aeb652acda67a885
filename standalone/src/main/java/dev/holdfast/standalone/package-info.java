/**
 * Holdfast on one host: broker, app-service and sync-worker in one process, the S3
 * endpoint as its child, and the command line.
 */
@NullMarked
package dev.holdfast.standalone;

import org.jspecify.annotations.NullMarked;
