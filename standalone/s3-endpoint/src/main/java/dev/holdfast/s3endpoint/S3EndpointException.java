package dev.holdfast.s3endpoint;

import org.jspecify.annotations.Nullable;

/**
 * The S3 endpoint did not start. The message says what was tried, on what, and what to
 * do.
 */
public final class S3EndpointException extends RuntimeException {

	S3EndpointException(String message) {
		super(message);
	}

	S3EndpointException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
