package dev.holdfast.worker.store;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

import dev.holdfast.model.Digest;
import dev.holdfast.model.Version;
import org.jspecify.annotations.Nullable;

/**
 * The form of {@link ReplicaMetadata} as user metadata of an S3 object, where each name
 * gets {@code x-amz-meta-} before it. ASCII throughout: other characters are changed by
 * some stores.
 */
final class S3Metadata {

	static final String VERSION = "holdfast-version";

	static final String DIGEST = "holdfast-digest";

	static final String MODIFIED = "holdfast-modified";

	static final String OWNER = "holdfast-owner";

	static final String MODE = "holdfast-mode";

	static final String TRASHED_BY = "holdfast-trashed-by";

	static final String TRASHED_AT = "holdfast-trashed-at";

	private static final String DIGEST_PREFIX = "sha256:";

	private static final int OCTAL = 8;

	private S3Metadata() {
	}

	static Map<String, String> encode(ReplicaMetadata metadata) {
		Map<String, String> encoded = new LinkedHashMap<>();
		encoded.put(VERSION, metadata.version().toString());
		encoded.put(DIGEST, metadata.digest().toString());
		encoded.put(MODIFIED, metadata.modified().toString());
		if (metadata.owner() != null) {
			encoded.put(OWNER, metadata.owner());
		}
		Integer mode = metadata.mode();
		if (mode != null) {
			encoded.put(MODE, String.format("%04o", mode));
		}
		return encoded;
	}

	static Map<String, String> encode(ReplicaMetadata metadata, TrashNote note) {
		Map<String, String> encoded = encode(metadata);
		encoded.put(TRASHED_BY, note.deleted().toString());
		encoded.put(TRASHED_AT, note.at().toString());
		return encoded;
	}

	/**
	 * Reads the note of an object in the trash.
	 * @return {@code null} where there is none
	 */
	static @Nullable TrashNote decodeNote(Map<String, String> encoded) {
		String by = encoded.get(TRASHED_BY);
		String at = encoded.get(TRASHED_AT);
		if (by == null || at == null) {
			return null;
		}
		try {
			return new TrashNote(Version.parse(by), Instant.parse(at));
		}
		catch (IllegalArgumentException | DateTimeException ex) {
			// Not in the form that Holdfast writes: not its note.
			return null;
		}
	}

	/**
	 * Reads it back.
	 * @return {@code null} where Holdfast did not write this object, or someone changed
	 * what it wrote
	 */
	static @Nullable ReplicaMetadata decode(Map<String, String> encoded) {
		String version = encoded.get(VERSION);
		String digest = encoded.get(DIGEST);
		String modified = encoded.get(MODIFIED);
		if (version == null || digest == null || !digest.startsWith(DIGEST_PREFIX) || modified == null) {
			return null;
		}
		String mode = encoded.get(MODE);
		try {
			return new ReplicaMetadata(Version.parse(version), new Digest(digest.substring(DIGEST_PREFIX.length())),
					Instant.parse(modified), encoded.get(OWNER), (mode == null) ? null : Integer.valueOf(mode, OCTAL));
		}
		catch (IllegalArgumentException | DateTimeException ex) {
			// Not in the form that Holdfast writes: someone else's object.
			return null;
		}
	}

}
