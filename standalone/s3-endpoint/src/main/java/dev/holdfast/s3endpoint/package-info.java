/**
 * A persistent S3 endpoint as a child process.
 * {@link dev.holdfast.s3endpoint.S3EndpointProcess} is the parent's side and needs the
 * JDK only; {@link dev.holdfast.s3endpoint.S3EndpointMain} is the child's.
 */
@NullMarked
package dev.holdfast.s3endpoint;

import org.jspecify.annotations.NullMarked;
