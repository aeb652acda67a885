package dev.holdfast.app.api;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;

import dev.holdfast.app.catalog.CatalogException;
import dev.holdfast.app.catalog.CatalogFullException;
import dev.holdfast.app.volume.PathRefusedException;
import dev.holdfast.app.volume.VolumeNotAvailableException;
import dev.holdfast.app.volume.VolumeReadOnlyException;
import dev.holdfast.model.InvalidMediaPathException;
import org.jspecify.annotations.Nullable;

import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.web.ErrorResponse;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;

/**
 * Says of any exception which problem it is.
 */
final class Problems {

	/** What the operating system says where a disk or a quota is full. */
	private static final String[] FULL = { "No space left", "Disk quota exceeded", "SQLITE_FULL", "disk is full" };

	private Problems() {
	}

	static Problem of(Throwable met) {
		if (met instanceof ProblemException ex) {
			return ex.problem();
		}
		if (isFull(met)) {
			return new Problem(ProblemType.INSUFFICIENT_STORAGE,
					"The disk is full: nothing was stored. Free some space and send it again");
		}
		return switch (met) {
			case InvalidMediaPathException ex -> new Problem(ProblemType.INVALID_PATH, text(ex));
			case VolumeNotAvailableException ex ->
				new Problem(ProblemType.VOLUME_NOT_AVAILABLE, text(ex), Map.of("Retry-After", "30"), Map.of());
			case VolumeReadOnlyException ex -> new Problem(ProblemType.VOLUME_READ_ONLY, text(ex));
			case PathRefusedException ex -> new Problem(switch (ex.kind()) {
				case SYMBOLIC_LINK -> ProblemType.SYMBOLIC_LINK;
				case IN_THE_WAY -> ProblemType.PATH_CONFLICT;
			}, text(ex));
			case CatalogFullException ex -> new Problem(ProblemType.INSUFFICIENT_STORAGE, text(ex));
			case CatalogException ex -> new Problem(ProblemType.UNAVAILABLE, text(ex));
			case FileSystemException ex -> ofFileSystem(ex);
			case ErrorResponse ex -> ofSpring(ex);
			case HttpMessageNotReadableException _ ->
				new Problem(ProblemType.INVALID_REQUEST, "The body is not the JSON that is described for this address");
			case MethodArgumentTypeMismatchException ex -> new Problem(ProblemType.INVALID_REQUEST,
					"The parameter '" + ex.getName() + "' has a value that is not described for it");
			default -> new Problem(ProblemType.INTERNAL_ERROR, "The log of app-service says more");
		};
	}

	/**
	 * Whether something on the way down says that there is no space left.
	 */
	static boolean isFull(Throwable met) {
		for (Throwable cause = met; cause != null; cause = cause.getCause()) {
			if (cause instanceof IOException || cause instanceof SQLException) {
				String message = String.valueOf(cause.getMessage());
				for (String sign : FULL) {
					if (message.contains(sign)) {
						return true;
					}
				}
			}
		}
		return false;
	}

	private static Problem ofFileSystem(FileSystemException met) {
		String reason = String.valueOf(met.getReason());
		if (met instanceof AccessDeniedException || reason.contains("not permitted")) {
			return new Problem(ProblemType.NO_PERMISSION,
					"app-service may not do this on the volume: give its user the right to write there");
		}
		if (reason.contains("Read-only file system")) {
			return new Problem(ProblemType.VOLUME_NOT_AVAILABLE, "The volume is mounted read-only: mount it writable");
		}
		if (reason.contains("File name too long")) {
			return new Problem(ProblemType.INVALID_PATH, "The volume's file system takes no name of this length");
		}
		return new Problem(ProblemType.INTERNAL_ERROR,
				"The volume's file system answered with an error: the log of app-service says more");
	}

	private static Problem ofSpring(ErrorResponse met) {
		Map<String, String> headers = new LinkedHashMap<>();
		met.getHeaders().forEach((name, values) -> headers.put(name, String.join(", ", values)));
		headers.remove("Content-Type");
		return new Problem(ProblemType.ofStatus(met.getStatusCode().value()), text(met.getBody().getDetail()), headers,
				Map.of());
	}

	private static String text(Throwable met) {
		return text(met.getMessage());
	}

	private static String text(@Nullable String message) {
		return (message != null) ? message : "";
	}

}
