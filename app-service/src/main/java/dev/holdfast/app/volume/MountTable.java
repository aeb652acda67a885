package dev.holdfast.app.volume;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * The mounts that this process sees, as Linux tells them ({@code proc_pid_mountinfo(5)}).
 */
final class MountTable {

	/** Where nothing is known, for example because this is not Linux. */
	static final long UNKNOWN = -1;

	private static final Path FILE = Path.of("/proc/self/mountinfo");

	private static final int MOUNT_POINT = 4;

	private static final Pattern LINE = Pattern.compile("\n");

	/** What a URI shows as it is. */
	private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9/._-]");

	private static final Pattern ESCAPED = Pattern.compile("\\\\([0-7]{3})");

	private static final int OCTAL = 8;

	private MountTable() {
	}

	/**
	 * The id of the mount that a directory is on. Every mounting gets one of its own,
	 * also where the same thing is mounted again.
	 * @param directory its real path
	 */
	static long idOf(Path directory) throws IOException {
		if (!Files.isReadable(FILE)) {
			return UNKNOWN;
		}
		return idOf(directory, Files.readAllBytes(FILE));
	}

	/**
	 * Of several mounts above a directory the deepest counts, and of several at one place
	 * the last, which covers the others.
	 */
	static long idOf(Path directory, byte[] table) {
		long id = UNKNOWN;
		int depth = -1;
		// A character for each byte: names of mount points need not be text.
		for (String line : LINE.splitAsStream(new String(table, StandardCharsets.ISO_8859_1)).toList()) {
			String[] fields = line.split(" ", MOUNT_POINT + 2);
			if (fields.length <= MOUNT_POINT) {
				continue;
			}
			Path point = path(unescaped(fields[MOUNT_POINT]));
			if (directory.startsWith(point) && point.getNameCount() >= depth) {
				id = Long.parseLong(fields[0]);
				depth = point.getNameCount();
			}
		}
		return id;
	}

	/**
	 * A path of exactly these bytes, whatever they mean and whatever encoding this
	 * process has: only a URI names them.
	 */
	private static Path path(String bytes) {
		StringBuilder uri = new StringBuilder("file://");
		for (byte one : bytes.getBytes(StandardCharsets.ISO_8859_1)) {
			String character = String.valueOf((char) (one & 0xff));
			uri.append(PLAIN.matcher(character).matches() ? character : "%%%02X".formatted(one));
		}
		return Path.of(URI.create(uri.toString()));
	}

	/** Blanks and backslashes in names are written as octal numbers. */
	private static String unescaped(String field) {
		return ESCAPED.matcher(field).replaceAll(MountTable::character);
	}

	private static String character(MatchResult match) {
		String character = String.valueOf((char) Integer.parseInt(match.group(1), OCTAL));
		return character.equals("\\") ? "\\\\" : character;
	}

}
