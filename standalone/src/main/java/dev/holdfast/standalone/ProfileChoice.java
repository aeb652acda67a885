package dev.holdfast.standalone;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

import dev.holdfast.app.profile.ProfileException;
import dev.holdfast.app.profile.ProfileRoot;
import dev.holdfast.app.profile.Profiles;

/**
 * Which volume has which profile.
 *
 * @param reference the profile as app-service is to find it
 * @param root the part of it that is about the volume
 */
record ProfileChoice(String reference, ProfileRoot root) {

	/**
	 * The profiles by the names of the volumes.
	 * @param given as {@code VOLUME=PROFILE}, or {@code PROFILE} for every volume that is
	 * not named
	 * @throws HoldfastException where there is no such volume or profile, or a profile is
	 * not valid
	 */
	static SortedMap<String, ProfileChoice> of(List<String> given, Set<String> volumes) {
		SortedMap<String, ProfileChoice> choices = new TreeMap<>();
		String others = null;
		for (String text : given) {
			int equals = text.indexOf('=');
			if (equals < 0) {
				if (others != null) {
					throw new HoldfastException(ExitCode.USAGE,
							"--profile %s: %s is for all volumes already; write --profile VOLUME=%s for one"
								.formatted(text, others, text));
				}
				others = text;
				continue;
			}
			String volume = text.substring(0, equals);
			if (!volumes.contains(volume)) {
				throw new HoldfastException(ExitCode.USAGE, "--profile %s: there is no volume %s; there is %s"
					.formatted(text, volume, String.join(", ", volumes)));
			}
			if (choices.put(volume, choose(text.substring(equals + 1), volume)) != null) {
				throw new HoldfastException(ExitCode.USAGE,
						"--profile %s: volume %s has one already; give it once".formatted(text, volume));
			}
		}
		if (others != null) {
			for (String volume : volumes) {
				if (!choices.containsKey(volume)) {
					choices.put(volume, choose(others, volume));
				}
			}
		}
		return choices;
	}

	private static ProfileChoice choose(String reference, String volume) {
		try {
			String file = reference.replaceFirst("#[^#]*$", "");
			String found = Profiles.isFile(file)
					? Path.of(file).toAbsolutePath().normalize() + reference.substring(file.length()) : reference;
			return new ProfileChoice(found, Profiles.choose(found, volume).root());
		}
		catch (ProfileException ex) {
			throw new HoldfastException(ExitCode.SETTINGS, "--profile %s: %s".formatted(reference, ex.getMessage()),
					ex);
		}
	}

}
