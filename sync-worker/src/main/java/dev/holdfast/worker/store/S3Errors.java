package dev.holdfast.worker.store;

import java.io.EOFException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedByInterruptException;
import java.util.Map;
import java.util.Set;

import javax.net.ssl.SSLException;

import dev.holdfast.worker.store.StoreException.Kind;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Tells what an error of the S3 API, or of the way to it, means for the caller: its kind,
 * and what an operator can do. Messages carry what the server said, never a header of the
 * request.
 */
final class S3Errors {

	private static final int MOVED = 301;

	private static final int BAD_REQUEST = 400;

	private static final int FORBIDDEN = 403;

	private static final int NOT_FOUND = 404;

	private static final int NOT_ALLOWED = 405;

	private static final int CONFLICT = 409;

	private static final int PRECONDITION_FAILED = 412;

	private static final int TOO_MANY = 429;

	private static final int SERVER_ERROR = 500;

	private static final int NOT_IMPLEMENTED = 501;

	private static final int FULL = 507;

	private static final String CREDENTIALS_HINT = "check holdfast.store.access-key and .secret-key, or the AWS default credentials chain";

	private static final String RIGHTS_HINT = "the credentials need s3:GetObject, s3:PutObject, s3:DeleteObject, s3:ListBucket,"
			+ " s3:GetBucketVersioning, s3:AbortMultipartUpload and s3:ListBucketMultipartUploads on the bucket";

	/** Error codes that mean the same whatever the status. */
	private static final Map<String, Kind> BY_CODE = Map.ofEntries(Map.entry("PreconditionFailed", Kind.CONFLICT),
			Map.entry("ConditionalRequestConflict", Kind.CONFLICT), Map.entry("OperationAborted", Kind.CONFLICT),
			Map.entry("BadDigest", Kind.REFUSED_BYTES), Map.entry("BadChecksum", Kind.REFUSED_BYTES),
			Map.entry("InvalidDigest", Kind.REFUSED_BYTES), Map.entry("XAmzContentSHA256Mismatch", Kind.REFUSED_BYTES),
			Map.entry("XAmzContentChecksumMismatch", Kind.REFUSED_BYTES),
			Map.entry("InvalidChecksum", Kind.REFUSED_BYTES), Map.entry("NoSuchBucket", Kind.NO_BUCKET),
			Map.entry("BucketAlreadyOwnedByYou", Kind.TRANSIENT), Map.entry("NoSuchKey", Kind.NOT_FOUND),
			Map.entry("NoSuchVersion", Kind.NOT_FOUND), Map.entry("NoSuchUpload", Kind.NOT_FOUND),
			Map.entry("InvalidPart", Kind.TRANSIENT), Map.entry("RequestTimeout", Kind.TRANSIENT),
			Map.entry("IncompleteBody", Kind.TRANSIENT), Map.entry("InternalError", Kind.TRANSIENT),
			Map.entry("SlowDown", Kind.THROTTLED), Map.entry("Throttling", Kind.THROTTLED),
			Map.entry("ThrottlingException", Kind.THROTTLED), Map.entry("RequestLimitExceeded", Kind.THROTTLED),
			Map.entry("TooManyRequests", Kind.THROTTLED), Map.entry("ExpiredToken", Kind.DENIED),
			Map.entry("InvalidToken", Kind.DENIED), Map.entry("TokenRefreshRequired", Kind.DENIED),
			Map.entry("AuthorizationHeaderMalformed", Kind.DENIED), Map.entry("InvalidObjectState", Kind.PERMANENT));

	private static final Map<String, String> HINT_BY_CODE = Map.of("RequestTimeTooSkewed",
			"this machine's clock is wrong: set it, and keep it set with NTP", "InvalidAccessKeyId", CREDENTIALS_HINT,
			"SignatureDoesNotMatch", CREDENTIALS_HINT, "ExpiredToken",
			"the session has ended: give the worker fresh credentials", "AuthorizationHeaderMalformed",
			"holdfast.store.region is probably not the bucket's region", "KeyTooLongError", "shorten the path",
			"NoSuchBucket",
			"create the bucket, correct holdfast.store.bucket, or set holdfast.store.create-bucket=true");

	private static final Set<String> FULL_CODES = Set.of("QuotaExceeded", "XMinioStorageFull", "InsufficientCapacity");

	private S3Errors() {
	}

	/**
	 * Whether this was the end of a call whose thread was interrupted. Clears the
	 * thread's interrupt mark.
	 */
	static boolean interrupted(Throwable failure) {
		if (failure instanceof ApiCallTimeoutException) {
			return false;
		}
		return Thread.interrupted() || caused(failure, InterruptedException.class)
				|| caused(failure, ClosedByInterruptException.class);
	}

	/**
	 * What a failure of the SDK means.
	 */
	static StoreException classify(String operation, @Nullable String key, SdkException failure) {
		return (failure instanceof AwsServiceException answer) ? ofAnswer(operation, key, answer)
				: ofTransport(operation, key, failure);
	}

	private static StoreException ofAnswer(String operation, @Nullable String key, AwsServiceException answer) {
		int status = answer.statusCode();
		String code = code(answer);
		Kind kind = kind(status, code, message(answer));
		if (kind == Kind.NOT_FOUND && operation.equals("put")) {
			// If-Match on a key that has no object any more, or the upload was ended by
			// another writer.
			kind = Kind.CONFLICT;
		}
		return new StoreException(kind, operation, key, reason(status, code, answer), hint(status, code, kind), answer);
	}

	private static Kind kind(int status, String code, String message) {
		Kind known = BY_CODE.get(code);
		if (known != null) {
			return known;
		}
		if (status == BAD_REQUEST && message.contains("x-amz-checksum-")) {
			// Not every store has a code of its own for it.
			return Kind.REFUSED_BYTES;
		}
		if (code.startsWith("KMS") || FULL_CODES.contains(code) || status == FULL) {
			return Kind.DENIED;
		}
		return switch (status) {
			case MOVED -> Kind.NO_BUCKET;
			case FORBIDDEN, 401 -> Kind.DENIED;
			case NOT_FOUND, NOT_ALLOWED -> Kind.NOT_FOUND;
			case 408 -> Kind.TRANSIENT;
			case CONFLICT, PRECONDITION_FAILED -> Kind.CONFLICT;
			case TOO_MANY -> Kind.THROTTLED;
			case NOT_IMPLEMENTED -> Kind.PERMANENT;
			default -> (status >= SERVER_ERROR) ? Kind.TRANSIENT : Kind.PERMANENT;
		};
	}

	private static String hint(int status, String code, Kind kind) {
		String known = HINT_BY_CODE.get(code);
		if (known != null) {
			return known;
		}
		if (code.startsWith("KMS")) {
			return "check holdfast.store.kms-key-id and the key's policy";
		}
		if (FULL_CODES.contains(code) || status == FULL) {
			return "the store is full: give it space or a larger quota";
		}
		return switch (status) {
			case MOVED -> "the bucket is in another region: set holdfast.store.region to it";
			case FORBIDDEN -> RIGHTS_HINT;
			case 401 -> CREDENTIALS_HINT;
			case NOT_IMPLEMENTED ->
				"the store lacks something: holdfast.store.conditional-writes=false or .checksums=when-required may help";
			case BAD_REQUEST -> (kind == Kind.PERMANENT)
					? "where the key has unusual characters, this store may not take them: rename the file" : "";
			default -> "";
		};
	}

	private static String reason(int status, String code, AwsServiceException answer) {
		String said = message(answer);
		return "the store answered " + status + (code.isEmpty() ? "" : " " + code)
				+ (said.isEmpty() ? "" : ", " + said);
	}

	private static String message(AwsServiceException answer) {
		String said = (answer.awsErrorDetails() != null) ? answer.awsErrorDetails().errorMessage() : null;
		return (said == null || said.equals("null")) ? "" : said.strip();
	}

	private static String code(AwsServiceException answer) {
		String code = (answer.awsErrorDetails() != null) ? answer.awsErrorDetails().errorCode() : null;
		return (code != null) ? code : "";
	}

	private static StoreException ofTransport(String operation, @Nullable String key, SdkException failure) {
		Throwable root = root(failure);
		String reason = (root.getMessage() != null) ? root.getClass().getSimpleName() + ", " + root.getMessage()
				: root.getClass().getSimpleName();
		if (failure instanceof ApiCallTimeoutException) {
			return new StoreException(Kind.TRANSIENT, operation, key, "the store took too long",
					"a slow line may need a lower holdfast.store.slowest-rate", failure);
		}
		if (caused(failure, UnknownHostException.class)) {
			return new StoreException(Kind.UNREACHABLE, operation, key, reason,
					"check holdfast.store.endpoint and the name service", failure);
		}
		if (caused(failure, ConnectException.class) || caused(failure, NoRouteToHostException.class)
				|| caused(failure, ConnectTimeoutException.class)) {
			return new StoreException(Kind.UNREACHABLE, operation, key,
					(root.getMessage() != null) ? root.getMessage() : reason,
					"check that the store runs and that holdfast.store.endpoint is its address", failure);
		}
		if (caused(failure, SSLException.class) && !caused(failure, EOFException.class)) {
			return new StoreException(Kind.UNREACHABLE, operation, key, reason,
					"check holdfast.store.endpoint's scheme and the store's certificate", failure);
		}
		String said = failure.getMessage();
		if (said != null && said.contains("Unable to load credentials")) {
			return new StoreException(Kind.DENIED, operation, key, "there are no credentials", CREDENTIALS_HINT,
					failure);
		}
		return new StoreException(Kind.TRANSIENT, operation, key, reason, "", failure);
	}

	private static boolean caused(Throwable failure, Class<? extends Throwable> type) {
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			if (type.isInstance(cause)) {
				return true;
			}
		}
		return false;
	}

	private static Throwable root(Throwable failure) {
		Throwable root = failure;
		while (root.getCause() != null) {
			root = root.getCause();
		}
		return root;
	}

}
