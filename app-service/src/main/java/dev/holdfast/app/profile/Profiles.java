package dev.holdfast.app.profile;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/**
 * Finds profiles: those that come with Holdfast by their name, others by their file.
 */
public final class Profiles {

	/** Those that come with Holdfast. */
	public static final List<String> BUILT_IN = List.of("generic", "horilla", "timetracker");

	private static final int LARGEST = 1024 * 1024;

	private Profiles() {
	}

	/**
	 * A profile and which of its roots is meant.
	 *
	 * @param profile the profile
	 * @param root the root
	 */
	public record Choice(Profile profile, ProfileRoot root) {

	}

	/**
	 * The profile of that name or in that file.
	 * @param reference a name such as {@code horilla}, or the path of a file, which has a
	 * slash or ends with {@code .yaml} or {@code .yml}
	 * @throws ProfileException where there is none, or it is not valid
	 */
	public static Profile load(String reference) {
		if (BUILT_IN.contains(reference)) {
			return ProfileReader.read(reference + ".yaml", builtIn(reference));
		}
		if (!isFile(reference)) {
			throw new ProfileException(
					"There is no profile '" + reference + "': choose one of " + String.join(", ", BUILT_IN)
							+ ", or give the path of a file, for example ./" + reference + ".yaml");
		}
		return ProfileReader.read(reference, read(reference));
	}

	/**
	 * The root that a setting means for a volume.
	 * @param setting a name or path as for {@link #load}, followed by {@code #} and the
	 * name of a root where it is not the volume's own and there are several
	 * @throws ProfileException where there is no such profile or root
	 */
	public static Choice choose(String setting, String volume) {
		int hash = setting.lastIndexOf('#');
		String reference = (hash < 0) ? setting : setting.substring(0, hash);
		Profile profile = load(reference);
		if (hash >= 0) {
			String name = setting.substring(hash + 1);
			return new Choice(profile, profile.root(name)
				.orElseThrow(() -> new ProfileException(
						"Profile " + profile.name() + " has no root '" + name + "': it has " + profile.rootNames())));
		}
		return new Choice(profile,
				profile.rootFor(volume)
					.orElseThrow(() -> new ProfileException("Profile " + profile.name() + " has several roots ("
							+ profile.rootNames() + ") and none for a volume '" + volume
							+ "': give the volume one of these names, or say which with " + reference + "#"
							+ profile.roots().getFirst().volume())));
	}

	/**
	 * Whether the reference is the path of a file.
	 */
	public static boolean isFile(String reference) {
		return reference.contains("/") || reference.endsWith(".yaml") || reference.endsWith(".yml");
	}

	private static String builtIn(String name) {
		try (InputStream in = Profiles.class.getResourceAsStream(name + ".yaml")) {
			if (in == null) {
				throw new IllegalStateException("Profile " + name + " was not packaged");
			}
			return new String(in.readAllBytes(), StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			throw new ProfileException("Profile " + name + " cannot be read from the program", ex);
		}
	}

	private static String read(String file) {
		try {
			Path path = Path.of(file);
			if (Files.size(path) > LARGEST) {
				throw new ProfileException(file + " is too large for a profile: is it another file?");
			}
			return Files.readString(path);
		}
		catch (NoSuchFileException ex) {
			throw new ProfileException("There is no profile file " + file + ": check the path, or choose one of "
					+ String.join(", ", BUILT_IN), ex);
		}
		catch (IOException | InvalidPathException ex) {
			throw new ProfileException("Profile file " + file + " cannot be read: " + ex, ex);
		}
	}

}
