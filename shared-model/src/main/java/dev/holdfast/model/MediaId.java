package dev.holdfast.model;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Names a media file: a volume and a path relative to its root. Two ids are equal when
 * their bytes are: no case folding, and both Unicode normal forms of a letter stay what
 * they are, because the file system and the store keep them apart too.
 * <p>
 * A path is one or more segments joined by {@code /}. A segment is 1 to
 * {@value #MAX_SEGMENT_BYTES} bytes of UTF-8 and may hold anything that a person gives a
 * file, spaces, {@code +}, {@code ;}, {@code \} and a leading {@code -} included.
 * Refused, each with a sentence that says why: empty paths and segments, {@code .} and
 * {@code ..}, absolute paths, control characters, text that is no Unicode, paths in
 * Holdfast's own directory {@value #RESERVED} in any case, and paths whose object key
 * would not fit into S3's {@value ObjectKeys#MAX_KEY_BYTES} bytes.
 *
 * @param volume the volume the file is on
 * @param path the path below the volume's root, with {@code /} between its segments
 */
public record MediaId(VolumeName volume, String path) implements Comparable<MediaId> {

	/** The directory at a volume's root that belongs to Holdfast. */
	public static final String RESERVED = ".holdfast";

	/** The longest segment in bytes: the limit of ext4, XFS, Btrfs and APFS. */
	public static final int MAX_SEGMENT_BYTES = 255;

	/**
	 * Checks the path.
	 * @throws InvalidMediaPathException where the path breaks one of the rules above
	 */
	public MediaId {
		checkPath(volume, path);
	}

	/**
	 * An id from its two parts as text.
	 * @throws InvalidMediaPathException where either part breaks its rules
	 */
	public static MediaId of(String volume, String path) {
		return new MediaId(new VolumeName(volume), path);
	}

	/**
	 * Reads the form that {@link #toString()} and {@link #key()} write.
	 * @throws InvalidMediaPathException where the text has no slash or a part breaks its
	 * rules
	 */
	public static MediaId parse(String text) {
		int slash = text.indexOf('/');
		if (slash < 0) {
			throw new InvalidMediaPathException(
					"'" + Printable.of(text) + "' names no media file: write VOLUME/PATH, for example media/logo.png");
		}
		return of(text.substring(0, slash), text.substring(slash + 1));
	}

	/**
	 * The last segment of the path.
	 */
	public String fileName() {
		return this.path.substring(this.path.lastIndexOf('/') + 1);
	}

	/**
	 * The record key on {@code media.events}: {@code volume/path} in UTF-8, so that all
	 * events of one file are in order in one partition.
	 */
	public byte[] key() {
		return toString().getBytes(StandardCharsets.UTF_8);
	}

	/**
	 * The order of the keys' bytes: the one in which stores list objects, so that a
	 * listing and a sorted set of ids can be walked side by side.
	 */
	@Override
	public int compareTo(MediaId other) {
		return Arrays.compareUnsigned(key(), other.key());
	}

	/**
	 * {@code volume/path}. A volume name holds no slash, so this is unambiguous.
	 */
	@Override
	public String toString() {
		return this.volume + "/" + this.path;
	}

	private static void checkPath(VolumeName volume, String path) {
		if (path.isEmpty()) {
			throw new InvalidMediaPathException("The path is empty: name a file below the volume's root");
		}
		if (path.startsWith("/")) {
			throw refused(path, "is absolute: write it relative to the volume's root");
		}
		checkCharacters(path);
		int first = 0;
		while (first <= path.length()) {
			int slash = path.indexOf('/', first);
			int end = (slash < 0) ? path.length() : slash;
			checkSegment(path, path.substring(first, end), first == 0);
			first = end + 1;
		}
		int keyBytes = volume.value().length() + 1 + utf8Length(path);
		if (keyBytes > ObjectKeys.MAX_KEY_BYTES) {
			throw refused(path, "is too long: volume and path make an object key of " + keyBytes
					+ " bytes and S3 takes " + ObjectKeys.MAX_KEY_BYTES);
		}
	}

	private static void checkCharacters(String path) {
		for (int i = 0; i < path.length(); i++) {
			char c = path.charAt(i);
			if (Character.isISOControl(c)) {
				throw refused(path, String.format("holds the control character U+%04X", (int) c));
			}
			if (Character.isHighSurrogate(c) && i + 1 < path.length() && Character.isLowSurrogate(path.charAt(i + 1))) {
				i++;
			}
			else if (Character.isSurrogate(c)) {
				throw refused(path, "is not valid Unicode and so has no UTF-8 form");
			}
		}
	}

	// Whatever its case: there are volumes on which .Holdfast is the same directory.
	private static void checkSegment(String path, String segment, boolean atRoot) {
		if (segment.isEmpty()) {
			throw refused(path, "has an empty segment: use one slash between names and none at the end");
		}
		if (segment.equals(".") || segment.equals("..")) {
			throw refused(path, "has the segment '" + segment + "': name the file by its plain path");
		}
		if (atRoot && segment.equalsIgnoreCase(RESERVED)) {
			throw refused(path, "is in '" + RESERVED + "', which belongs to Holdfast");
		}
		if (utf8Length(segment) > MAX_SEGMENT_BYTES) {
			throw refused(path,
					"has a name of " + utf8Length(segment) + " bytes: file systems take up to " + MAX_SEGMENT_BYTES);
		}
	}

	private static InvalidMediaPathException refused(String path, String why) {
		return new InvalidMediaPathException("Path '" + Printable.of(path) + "' " + why);
	}

	static int utf8Length(String text) {
		return text.getBytes(StandardCharsets.UTF_8).length;
	}

}
