package dev.holdfast.worker.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.Supplier;

import dev.holdfast.worker.store.StoreException.Kind;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Makes single calls of the SDK, and tells their failures apart: the store's, the
 * content's, an interrupt.
 */
final class S3Call {

	private S3Call() {
	}

	/**
	 * A call without a body.
	 */
	static <T> T calling(String operation, @Nullable String key, Supplier<T> call)
			throws StoreException, InterruptedException {
		checkInterrupt();
		try {
			return call.get();
		}
		catch (SdkException ex) {
			if (S3Errors.interrupted(ex)) {
				throw new InterruptedException(operation);
			}
			throw S3Errors.classify(operation, key, ex);
		}
	}

	/**
	 * A call that sends a body.
	 */
	static <T> T sending(String operation, String key, Body body, Supplier<T> call)
			throws StoreException, IOException, InterruptedException {
		checkInterrupt();
		try {
			return call.get();
		}
		catch (SdkException | UncheckedIOException ex) {
			IOException failure = body.failure();
			if (S3Errors.interrupted((failure != null) ? failure : ex)) {
				throw new InterruptedException(operation);
			}
			if (failure instanceof Body.ChangedContentException) {
				throw refused(key, String.valueOf(failure.getMessage()), ex);
			}
			if (failure != null) {
				throw failure;
			}
			if (ex instanceof SdkException sdk) {
				throw S3Errors.classify(operation, key, sdk);
			}
			throw ex;
		}
	}

	static StoreException refused(String key, String reason, @Nullable Throwable cause) {
		return new StoreException(Kind.REFUSED_BYTES, "put", key, reason, "", cause);
	}

	/** An entity tag as HTTP has it. */
	static String quoted(String etag) {
		return '"' + etag + '"';
	}

	/** An entity tag as the port has it. */
	static String unquoted(String etag) {
		return (etag.length() > 1 && etag.startsWith("\"") && etag.endsWith("\""))
				? etag.substring(1, etag.length() - 1) : etag;
	}

	private static void checkInterrupt() throws InterruptedException {
		if (Thread.interrupted()) {
			throw new InterruptedException();
		}
	}

}
