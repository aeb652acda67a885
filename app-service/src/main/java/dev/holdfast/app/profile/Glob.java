package dev.holdfast.app.profile;

import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;

import dev.holdfast.app.volume.FileRules;

/**
 * Names files of a volume by a pattern: the {@code glob} of the Java platform, held
 * against the path relative to the volume's root. Nothing is normalised and case counts,
 * so it is the bytes of a name that decide. To that come three forms that people expect:
 * <ul>
 * <li>without a slash it is held against the file's name alone, in whichever directory:
 * {@code *.tmp};
 * <li>with a slash at its end it means a directory and everything below: {@code temp/};
 * <li>{@code **}{@code /} at the beginning and {@code /}{@code **}{@code /} in the middle
 * also stand for no directory at all.
 * </ul>
 */
public final class Glob {

	private static final String EVERYTHING_BELOW = "/**";

	private static final String META = "*?[{\\";

	private final String text;

	private final Kind kind;

	private final List<PathMatcher> matchers;

	/** Every match is this directory or below. */
	private final String within;

	private Glob(String text, Kind kind, String pattern) {
		this.text = text;
		this.kind = kind;
		this.matchers = variants(pattern).stream().map(Glob::matcher).toList();
		this.within = literalDirectory(pattern, kind);
	}

	private enum Kind {

		NAME, PATH, DIRECTORY

	}

	/**
	 * Understands a glob.
	 * @throws IllegalArgumentException where it is none, with a message that says what to
	 * write instead
	 */
	public static Glob of(String text) {
		check(text);
		try {
			if (text.endsWith("/")) {
				return new Glob(text, Kind.DIRECTORY, text.substring(0, text.length() - 1));
			}
			if (text.endsWith(EVERYTHING_BELOW)) {
				return new Glob(text, Kind.DIRECTORY, text.substring(0, text.length() - EVERYTHING_BELOW.length()));
			}
			return new Glob(text, (text.indexOf('/') < 0) ? Kind.NAME : Kind.PATH, text);
		}
		catch (PatternSyntaxException ex) {
			throw new IllegalArgumentException("glob '" + text + "' is not one (" + ex.getDescription()
					+ "): close every { with } and every [ with ], and write \\{ or \\[ for the character itself", ex);
		}
	}

	private static void check(String text) {
		if (text.isBlank()) {
			throw new IllegalArgumentException("glob '' is empty: leave the rule away, or write * for every file");
		}
		if (text.startsWith("/") || text.startsWith("./")) {
			throw new IllegalArgumentException(
					"glob '" + text + "' does not begin with a name: write it relative to the" + " volume's root, '"
							+ text.replaceFirst("^[./]+", "") + "'");
		}
		for (String segment : text.split("/", -1)) {
			if (segment.equals("..") || segment.equals(".")) {
				throw new IllegalArgumentException(
						"glob '" + text + "' leads elsewhere by '" + segment + "': write the path without it");
			}
		}
		if (text.contains("//")) {
			throw new IllegalArgumentException(
					"glob '" + text + "' matches nothing: write '" + text.replaceAll("/{2,}", "/") + "'");
		}
		if (FileRules.isReserved(text.endsWith("/") ? text.substring(0, text.length() - 1) : text)) {
			throw new IllegalArgumentException("glob '" + text
					+ "' is about Holdfast's own directory, which is never looked after: leave it away");
		}
	}

	private static PathMatcher matcher(String pattern) {
		return FileSystems.getDefault().getPathMatcher("glob:" + pattern);
	}

	/**
	 * The platform's {@code **}{@code /} wants at least one directory: without them is
	 * another pattern.
	 */
	private static Set<String> variants(String pattern) {
		Set<String> variants = new LinkedHashSet<>();
		variants.add(pattern);
		if (pattern.startsWith("**/")) {
			variants.addAll(variants(pattern.substring(3)));
		}
		int middle = pattern.indexOf("/**/");
		if (middle >= 0) {
			String before = pattern.substring(0, middle);
			for (String after : variants(pattern.substring(middle + 4))) {
				variants.add(before + "/" + after);
				variants.add(before + "/**/" + after);
			}
		}
		return variants;
	}

	private static String literalDirectory(String pattern, Kind kind) {
		int meta = 0;
		while (meta < pattern.length() && META.indexOf(pattern.charAt(meta)) < 0) {
			meta++;
		}
		if (kind == Kind.DIRECTORY && meta == pattern.length()) {
			return pattern;
		}
		int slash = pattern.lastIndexOf('/', meta - 1);
		return (slash < 0) ? "" : pattern.substring(0, slash);
	}

	/**
	 * Whether the file is meant.
	 * @param path relative to the volume's root
	 */
	public boolean matches(String path) {
		return switch (this.kind) {
			case NAME -> matchesPath(path.substring(path.lastIndexOf('/') + 1));
			case PATH -> matchesPath(path);
			case DIRECTORY -> {
				int slash = path.lastIndexOf('/');
				yield slash > 0 && matchesAllBelow(path.substring(0, slash));
			}
		};
	}

	/**
	 * Whether every file below the directory is meant.
	 */
	public boolean matchesAllBelow(String directory) {
		return this.kind == Kind.DIRECTORY && !directory.isEmpty()
				&& Stream.iterate(directory, (path) -> !path.isEmpty(), Glob::parent).anyMatch(this::matchesPath);
	}

	/**
	 * Whether a file below the directory may be meant; {@code true} promises nothing.
	 */
	public boolean mayMatchBelow(String directory) {
		return directory.isEmpty() || this.within.isEmpty() || isWithin(directory, this.within)
				|| isWithin(this.within, directory);
	}

	/**
	 * Whether it is decided by directories alone.
	 */
	boolean isDirectory() {
		return this.kind == Kind.DIRECTORY;
	}

	private boolean matchesPath(String text) {
		Path path = Path.of(text);
		for (PathMatcher matcher : this.matchers) {
			if (matcher.matches(path)) {
				return true;
			}
		}
		return false;
	}

	private static boolean isWithin(String path, String directory) {
		return path.equals(directory) || path.startsWith(directory + "/");
	}

	private static String parent(String path) {
		int slash = path.lastIndexOf('/');
		return (slash < 0) ? "" : path.substring(0, slash);
	}

	@Override
	public boolean equals(Object other) {
		return other instanceof Glob glob && glob.text.equals(this.text);
	}

	@Override
	public int hashCode() {
		return this.text.hashCode();
	}

	/**
	 * As it was written.
	 */
	@Override
	public String toString() {
		return this.text;
	}

}
