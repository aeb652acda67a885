package dev.holdfast.app.media;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;

import dev.holdfast.app.api.ClientGoneException;
import dev.holdfast.app.api.ProblemException;
import dev.holdfast.app.api.ProblemType;
import dev.holdfast.app.volume.StagedFile;
import org.apache.catalina.connector.ClientAbortException;
import org.apache.coyote.BadRequestException;

import org.springframework.util.unit.DataSize;

/**
 * Takes the bytes of an upload as they arrive, and tells what goes wrong on the client's
 * side from what goes wrong on the volume's.
 */
final class BodyReader {

	private static final int BUFFER_BYTES = 64 * 1024;

	private BodyReader() {
	}

	/**
	 * Copies the body into a staged file.
	 * @throws ProblemException where there is more than allowed or the body is malformed
	 * @throws ClientGoneException where the client went away
	 * @throws IOException where the volume does not take it
	 */
	static void copy(InputStream body, StagedFile staged, DataSize limit) throws IOException {
		byte[] buffer = new byte[BUFFER_BYTES];
		for (int read = read(body, buffer); read >= 0; read = read(body, buffer)) {
			if (staged.size() + read > limit.toBytes()) {
				throw tooLarge(limit);
			}
			staged.write(buffer, 0, read);
		}
	}

	/**
	 * What a failure to read the request means.
	 * @return the exception to throw
	 */
	static IOException failure(IOException met) {
		if (isCausedBy(met, SocketTimeoutException.class)) {
			throw new ProblemException(ProblemType.REQUEST_TIMEOUT,
					"Nothing arrived for too long: nothing was stored, send it again", met)
				.withHeader("Connection", "close");
		}
		if (isCausedBy(met, ClientAbortException.class) || isCausedBy(met, EOFException.class)) {
			return new ClientGoneException(met);
		}
		if (isCausedBy(met, BadRequestException.class)) {
			throw new ProblemException(ProblemType.INVALID_REQUEST, "The body is not as HTTP has it", met)
				.withHeader("Connection", "close");
		}
		throw new ProblemException(ProblemType.INVALID_REQUEST, "The body is not well formed multipart/form-data", met);
	}

	private static boolean isCausedBy(Throwable met, Class<? extends Throwable> type) {
		for (Throwable cause = met; cause != null; cause = cause.getCause()) {
			if (type.isInstance(cause)) {
				return true;
			}
		}
		return false;
	}

	static ProblemException tooLarge(DataSize limit) {
		return new ProblemException(ProblemType.TOO_LARGE,
				"A file may have " + limit.toBytes() + " bytes here: nothing was stored");
	}

	private static int read(InputStream body, byte[] buffer) throws IOException {
		try {
			return body.read(buffer);
		}
		catch (IOException ex) {
			throw failure(ex);
		}
	}

}
