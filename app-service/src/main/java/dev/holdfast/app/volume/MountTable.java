package dev.holdfast.app.volume;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The mounts that a process sees, as Linux tells them ({@code proc_pid_mountinfo(5)}).
 */
public final class MountTable {

	/** Where nothing is known, for example because this is not Linux. */
	static final long UNKNOWN = -1;

	private static final Path FILE = Path.of("/proc/self/mountinfo");

	private static final int DEVICE = 2;

	private static final int ROOT = 3;

	private static final int MOUNT_POINT = 4;

	private static final Pattern LINE = Pattern.compile("\n");

	/** What a URI shows as it is. */
	private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9/._-]");

	private static final Pattern ESCAPED = Pattern.compile("\\\\([0-7]{3})");

	private static final int OCTAL = 8;

	private final List<Mount> mounts = new ArrayList<>();

	private MountTable(byte[] table) {
		// A character for each byte: names of mount points need not be text.
		for (String line : LINE.splitAsStream(new String(table, StandardCharsets.ISO_8859_1)).toList()) {
			String[] fields = line.split(" ", MOUNT_POINT + 2);
			if (fields.length > MOUNT_POINT) {
				this.mounts.add(new Mount(Long.parseLong(fields[0]), path(unescaped(fields[MOUNT_POINT])),
						new Part(fields[DEVICE], fields[ROOT])));
			}
		}
	}

	/**
	 * One mount.
	 *
	 * @param id its number
	 * @param point where it is
	 * @param shown what of a file system it shows
	 */
	private record Mount(long id, Path point, Part shown) {

		/** What is shown at a path below the mount point. */
		Part at(Path directory) {
			Path below = this.point.relativize(directory);
			return below.toString().isEmpty() ? this.shown
					: new Part(this.shown.device(), this.shown.root().resolve(below));
		}

	}

	/**
	 * A directory of a file system, with all that is in it.
	 *
	 * @param device the file system
	 * @param root the path in it
	 */
	private record Part(String device, Path root) {

		Part(String device, String root) {
			// What is no path, as of a namespace, is below none.
			this(device, root.startsWith("/") ? path(unescaped(root)) : Path.of("none"));
		}

		boolean overlaps(Part other) {
			return this.device.equals(other.device)
					&& (this.root.startsWith(other.root) || other.root.startsWith(this.root));
		}

	}

	/**
	 * The mounts that this process sees now; none where this is not Linux.
	 */
	public static MountTable now() throws IOException {
		return of(Files.isReadable(FILE) ? Files.readAllBytes(FILE) : new byte[0]);
	}

	/**
	 * The mounts of a table.
	 * @param table the bytes of a {@code mountinfo}
	 */
	public static MountTable of(byte[] table) {
		return new MountTable(table);
	}

	/**
	 * Whether any directory is shown at or below two paths, by whatever mounts. File
	 * systems that a network or a program makes are different ones for each mount of
	 * their own, though they show the same.
	 * @param one a path without symbolic links
	 * @param other a path without symbolic links
	 */
	public boolean showTheSame(Path one, Path other) {
		List<Part> others = shown(other).toList();
		return shown(one).anyMatch((part) -> others.stream().anyMatch(part::overlaps));
	}

	private Stream<Part> shown(Path directory) {
		return Stream.concat(over(directory).map((mount) -> mount.at(directory)).stream(),
				this.mounts.stream().filter((mount) -> isBelow(mount.point(), directory)).map(Mount::shown));
	}

	private static boolean isBelow(Path path, Path directory) {
		return path.startsWith(directory) && !path.equals(directory);
	}

	/**
	 * The mount that a directory is on. Of several above it the deepest counts, and of
	 * several at one place the last, which covers the others.
	 */
	private Optional<Mount> over(Path directory) {
		Optional<Mount> deepest = Optional.empty();
		for (Mount mount : this.mounts) {
			if (directory.startsWith(mount.point())
					&& deepest.filter((before) -> before.point().getNameCount() > mount.point().getNameCount())
						.isEmpty()) {
				deepest = Optional.of(mount);
			}
		}
		return deepest;
	}

	/**
	 * The id of the mount that a directory is on. Every mounting gets one of its own,
	 * also where the same thing is mounted again.
	 * @param directory its real path
	 */
	static long idOf(Path directory) throws IOException {
		return now().id(directory);
	}

	/**
	 * The id of the mount that a directory is on.
	 * @param directory its real path
	 */
	long id(Path directory) {
		return over(directory).map(Mount::id).orElse(UNKNOWN);
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
