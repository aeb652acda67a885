package dev.holdfast.app.profile;

import java.util.List;
import java.util.Map;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How each volume is looked after.
 *
 * @param profiles the profile of each volume by the volume's name: {@code horilla},
 * {@code timetracker}, {@code generic}, or the path of a file; followed by {@code #} and
 * the name of a root where the profile has several and none of the volume's name. Without
 * one every file is looked after.
 * @param volumesReadOnly the volumes that are mounted read-only: they are scanned and
 * watched, and take no uploads. Such a volume needs a marker file that
 * {@code ./holdfast volume mark} has made.
 */
@ConfigurationProperties("holdfast")
public record ProfileSettings(@DefaultValue Map<String, String> profiles, @DefaultValue List<String> volumesReadOnly) {

	/**
	 * Copies both.
	 */
	public ProfileSettings {
		profiles = Map.copyOf(profiles);
		volumesReadOnly = List.copyOf(volumesReadOnly);
	}

}
