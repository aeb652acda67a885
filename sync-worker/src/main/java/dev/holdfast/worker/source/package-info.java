/**
 * Where the bytes of a media file come from: a mounted volume, or app-service over HTTP.
 */
@NullMarked
package dev.holdfast.worker.source;

import org.jspecify.annotations.NullMarked;
