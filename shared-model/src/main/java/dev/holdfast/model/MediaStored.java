package dev.holdfast.model;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * A media file has these bytes: it was uploaded, written by another app, migrated or
 * restored. Says that this version of this file should be in every store.
 *
 * @param id the file
 * @param version orders the events of this file
 * @param size its length in bytes
 * @param digest the SHA-256 of its bytes, taken once, when the file was first seen
 * @param contentType its media type, for example {@code image/png}
 * @param modified when the file was last modified, in milliseconds' precision
 * @param owner user and group that own it, as {@code uid:gid}, where the file system
 * tells
 * @param mode its permission bits, for example {@code 0644} octal, where the file system
 * tells
 * @param origin how Holdfast came to know of it
 */
public record MediaStored(MediaId id, Version version, long size, Digest digest, String contentType, Instant modified,
		@Nullable String owner, @Nullable Integer mode, Origin origin) implements MediaEvent.OfFile {

	/** The content type of a file that nothing is known of. */
	public static final String UNKNOWN_TYPE = "application/octet-stream";

	/** The longest content type, in characters. */
	public static final int LONGEST_TYPE = 1_024;

	/**
	 * Checks the parts that types do not.
	 * @throws IllegalArgumentException where size or mode is out of range, or content
	 * type or owner is not what it should be
	 */
	public MediaStored {
		if (size < 0) {
			throw new IllegalArgumentException("Size " + size + " is negative");
		}
		if (contentType.isBlank() || contentType.chars().anyMatch((c) -> c < ' ' || c > '~')) {
			throw new IllegalArgumentException(
					"Content type '" + Printable.of(contentType) + "' is not printable ASCII");
		}
		if (contentType.length() > LONGEST_TYPE) {
			throw new IllegalArgumentException("Content type of " + contentType.length()
					+ " characters is too long: at most " + LONGEST_TYPE + " are kept");
		}
		if (owner != null && !owner.matches("\\d{1,10}:\\d{1,10}")) {
			throw new IllegalArgumentException("Owner '" + Printable.of(owner) + "' is not of the form uid:gid");
		}
		if (mode != null && (mode < 0 || mode > 07777)) {
			throw new IllegalArgumentException(
					"Mode " + Integer.toOctalString(mode) + " is not a set of permission bits");
		}
		modified = WireTime.of(modified);
	}

}
