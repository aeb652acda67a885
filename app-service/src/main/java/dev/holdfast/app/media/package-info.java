/**
 * Upload, download and delete of media files over HTTP.
 */
@NullMarked
package dev.holdfast.app.media;

import org.jspecify.annotations.NullMarked;
