package dev.holdfast.model;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;

/**
 * The SHA-256 of a media file's bytes.
 *
 * @param hex 64 lower-case hexadecimal digits
 */
public record Digest(String hex) {

	/** The digest of no bytes at all. */
	public static final Digest EMPTY = of(new byte[0]);

	private static final int BYTES = 32;

	private static final int BUFFER_BYTES = 64 * 1024;

	/**
	 * Checks the digits.
	 * @throws IllegalArgumentException where there are not 64 lower-case hexadecimal
	 * digits
	 */
	public Digest {
		if (hex.length() != 2 * BYTES
				|| !hex.chars().allMatch((c) -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) {
			throw new IllegalArgumentException("'" + Printable.of(hex)
					+ "' is not a SHA-256 digest: 64 lower-case hexadecimal digits are expected");
		}
	}

	/**
	 * The digest of these bytes.
	 */
	public static Digest of(byte[] content) {
		return raw(newSha256().digest(content));
	}

	/**
	 * The digest of the rest of a stream, read to its end and not closed.
	 * @throws IOException where reading fails
	 */
	public static Digest of(InputStream content) throws IOException {
		MessageDigest sha256 = newSha256();
		byte[] buffer = new byte[BUFFER_BYTES];
		for (int read = content.read(buffer); read >= 0; read = content.read(buffer)) {
			sha256.update(buffer, 0, read);
		}
		return raw(sha256.digest());
	}

	/**
	 * A digest computed elsewhere.
	 * @param sha256 the 32 bytes
	 * @throws IllegalArgumentException where it is not 32 bytes
	 */
	public static Digest ofSha256(byte[] sha256) {
		return raw(sha256);
	}

	/**
	 * Reads the form that S3 and HTTP digest fields use.
	 * @throws IllegalArgumentException where it is not the Base64 of 32 bytes
	 */
	public static Digest fromBase64(String base64) {
		try {
			return raw(Base64.getDecoder().decode(base64));
		}
		catch (IllegalArgumentException ex) {
			throw new IllegalArgumentException(
					"'" + Printable.of(base64) + "' is not a SHA-256 digest: the Base64 of 32 bytes is expected", ex);
		}
	}

	/**
	 * The form that S3 ({@code x-amz-checksum-sha256}) and HTTP digest fields use.
	 */
	public String base64() {
		return Base64.getEncoder().encodeToString(bytes());
	}

	/**
	 * The 32 bytes.
	 */
	public byte[] bytes() {
		return HexFormat.of().parseHex(this.hex);
	}

	/**
	 * A fresh SHA-256 computation, for callers that hash while they copy.
	 */
	public static MessageDigest newSha256() {
		try {
			return MessageDigest.getInstance("SHA-256");
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("Every Java platform has SHA-256, this one says it has not", ex);
		}
	}

	@Override
	public String toString() {
		return "sha256:" + this.hex;
	}

	private static Digest raw(byte[] sha256) {
		if (sha256.length != BYTES) {
			throw new IllegalArgumentException("A SHA-256 digest has 32 bytes, not " + sha256.length);
		}
		return new Digest(HexFormat.of().formatHex(sha256));
	}

}
