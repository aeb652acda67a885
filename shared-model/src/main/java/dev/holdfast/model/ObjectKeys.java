package dev.holdfast.model;

/**
 * Maps media files to object keys and back: {@code prefix + volume + "/" + path}, so that
 * the bucket can be browsed, served by a CDN and used by an S3 storage library as it is.
 *
 * @param prefix put before every key, empty or ending with a slash
 */
public record ObjectKeys(String prefix) {

	/**
	 * The longest object key in bytes of UTF-8 (Amazon S3 User Guide, "Naming objects").
	 */
	public static final int MAX_KEY_BYTES = 1024;

	/**
	 * Checks the prefix.
	 * @throws IllegalArgumentException where it starts with a slash or ends without one,
	 * or a name in it is empty, {@code .} or {@code ..}, or holds control characters
	 */
	public ObjectKeys {
		if (prefix.startsWith("/") || (!prefix.isEmpty() && !prefix.endsWith("/"))) {
			throw new IllegalArgumentException("Key prefix '" + Printable.of(prefix)
					+ "' must be empty, or end with a slash and not start with one, for example 'uploads/'");
		}
		if (("/" + prefix).matches(".*/\\.{0,2}/.*") || !Printable.isPlain(prefix)) {
			throw new IllegalArgumentException("Key prefix '" + Printable.of(prefix)
					+ "' is not made of plain names: leave out '.', '..', double slashes and control characters");
		}
	}

	/**
	 * The key of a media file.
	 * @throws InvalidMediaPathException where prefix and id together exceed
	 * {@value #MAX_KEY_BYTES} bytes
	 */
	public String keyOf(MediaId id) {
		String key = this.prefix + id;
		int length = MediaId.utf8Length(key);
		if (length > MAX_KEY_BYTES) {
			throw new InvalidMediaPathException("Object key of '" + Printable.of(id.toString()) + "' is " + length
					+ " bytes and S3 takes " + MAX_KEY_BYTES + ": shorten the path or the key prefix");
		}
		return key;
	}

	/**
	 * The media file that a key belongs to.
	 * @throws InvalidMediaPathException where the key lies outside the prefix or names no
	 * media file
	 */
	public MediaId idOf(String key) {
		if (!key.startsWith(this.prefix)) {
			throw new InvalidMediaPathException(
					"Object key '" + Printable.of(key) + "' is not below the prefix '" + this.prefix + "'");
		}
		return MediaId.parse(key.substring(this.prefix.length()));
	}

}
