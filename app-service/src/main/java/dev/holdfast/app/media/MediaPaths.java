package dev.holdfast.app.media;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

import dev.holdfast.app.api.ProblemException;
import dev.holdfast.app.api.ProblemType;
import dev.holdfast.model.MediaId;
import dev.holdfast.model.VolumeName;

/**
 * Media ids in addresses and back. The path is read as it was sent, because everything
 * that normalises, decodes or splits it before us would make two names of one or one of
 * two: each segment is decoded once, as strict UTF-8, and {@code +}, {@code ;} and
 * {@code \} are letters like any other.
 */
public final class MediaPaths {

	static final String PREFIX = "/api/v1/media/";

	private static final String STATUS_PREFIX = "/api/v1/status/";

	private static final String UNRESERVED = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";

	private MediaPaths() {
	}

	/**
	 * The media file that a request is about.
	 * @param uri the path of the request as it was sent
	 */
	static MediaId file(String uri) {
		return file(uri, PREFIX);
	}

	/**
	 * The media file that a request for a status is about.
	 * @param uri the path of the request as it was sent
	 */
	public static MediaId statusFile(String uri) {
		return file(uri, STATUS_PREFIX);
	}

	private static MediaId file(String uri, String prefix) {
		List<String> segments = segments(uri, prefix);
		if (segments.size() < 2) {
			throw new ProblemException(ProblemType.INVALID_PATH,
					"The address names a volume but no file: add the path of the file");
		}
		return MediaId.of(segments.getFirst(), String.join("/", segments.subList(1, segments.size())));
	}

	/**
	 * The directory that a request is about, with or without a slash at its end.
	 * @param uri the path of the request as it was sent
	 */
	static Directory directory(String uri) {
		List<String> segments = segments(uri, PREFIX);
		if (segments.size() > 1 && segments.getLast().isEmpty()) {
			segments.removeLast();
		}
		return new Directory(new VolumeName(segments.getFirst()),
				String.join("/", segments.subList(1, segments.size())));
	}

	/**
	 * The address of a media file.
	 */
	static String self(MediaId id) {
		return PREFIX + encode(id);
	}

	/**
	 * The address of a media file's status.
	 */
	static String status(MediaId id) {
		return STATUS_PREFIX + encode(id);
	}

	private static String encode(MediaId id) {
		StringBuilder encoded = new StringBuilder();
		for (byte b : id.key()) {
			if (b == '/' || UNRESERVED.indexOf(b) >= 0) {
				encoded.append((char) b);
			}
			else {
				encoded.append('%').append(HexFormat.of().withUpperCase().toHexDigits(b));
			}
		}
		return encoded.toString();
	}

	private static List<String> segments(String uri, String prefix) {
		if (!uri.startsWith(prefix)) {
			throw new ProblemException(ProblemType.NOT_FOUND, "There is nothing here: media is below " + PREFIX);
		}
		List<String> segments = new ArrayList<>();
		for (String segment : uri.substring(prefix.length()).split("/", -1)) {
			segments.add(decode(segment));
		}
		return segments;
	}

	private static String decode(String segment) {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream(segment.length());
		for (int i = 0; i < segment.length(); i++) {
			char c = segment.charAt(i);
			if (c == '%') {
				bytes.write(octet(segment, i));
				i += 2;
			}
			else if (c < 0x80) {
				bytes.write(c);
			}
			else {
				throw invalid("holds a letter beyond ASCII as it is: percent-encode its UTF-8 bytes");
			}
		}
		try {
			String decoded = StandardCharsets.UTF_8.newDecoder()
				.decode(ByteBuffer.wrap(bytes.toByteArray()))
				.toString();
			if (decoded.indexOf('/') >= 0) {
				throw invalid("holds an encoded slash: no file name holds one");
			}
			return decoded;
		}
		catch (CharacterCodingException ex) {
			throw invalid("is not UTF-8 when decoded");
		}
	}

	private static int octet(String segment, int percent) {
		if (percent + 2 >= segment.length() || !HexFormat.isHexDigit(segment.charAt(percent + 1))
				|| !HexFormat.isHexDigit(segment.charAt(percent + 2))) {
			throw invalid("has a '%' without two hexadecimal digits: a percent sign is written %25");
		}
		return HexFormat.fromHexDigits(segment, percent + 1, percent + 3);
	}

	private static ProblemException invalid(String why) {
		return new ProblemException(ProblemType.INVALID_PATH, "A segment of the path " + why);
	}

	/**
	 * A directory on a volume.
	 *
	 * @param volume the volume
	 * @param path below its root, empty for the root itself
	 */
	record Directory(VolumeName volume, String path) {

		/**
		 * The media file of this name in the directory.
		 */
		MediaId file(String name) {
			if (name.indexOf('/') >= 0) {
				throw new ProblemException(ProblemType.INVALID_PATH,
						"The file name of a part holds a slash: send each file to the directory it belongs into");
			}
			return new MediaId(this.volume, this.path.isEmpty() ? name : this.path + "/" + name);
		}

	}

}
