package dev.holdfast.app.media;

import java.util.Locale;

import dev.holdfast.app.catalog.ReplicaState;
import dev.holdfast.model.MediaStored;

/**
 * What a client gets to know of a file that it stored.
 *
 * @param volume the volume
 * @param path the path on it
 * @param version orders what happens to this file
 * @param size length in bytes
 * @param digest {@code sha256:} and the digest of its bytes in hexadecimal
 * @param contentType its content type
 * @param state how far its replication is
 * @param links where more is
 */
record UploadResult(String volume, String path, String version, long size, String digest, String contentType,
		String state, Links links) {

	static UploadResult of(MediaStored stored, ReplicaState state) {
		return new UploadResult(stored.volume().value(), stored.id().path(), stored.version().toString(), stored.size(),
				stored.digest().toString(), stored.contentType(),
				state.name().toLowerCase(Locale.ROOT).replace('_', '-'),
				new Links(MediaPaths.self(stored.id()), MediaPaths.status(stored.id())));
	}

	/**
	 * Addresses.
	 *
	 * @param self the file
	 * @param status what becomes of it
	 */
	record Links(String self, String status) {

	}

}
