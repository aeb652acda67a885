package dev.holdfast.app.profile;

import java.io.StringReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

import dev.holdfast.app.profile.ProfileRoot.DeletePolicy;
import dev.holdfast.model.VolumeName;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Node;

import org.springframework.boot.convert.DurationStyle;

/**
 * Reads a profile strictly: what is not understood is refused, so that a rule with a
 * misspelt name does not quietly protect nothing.
 */
final class ProfileReader {

	private static final List<String> PROFILE = List.of("profile", "title", "about", "app-directory", "roots",
			"off-volume", "advice");

	private static final List<String> ROOT = List.of("volume", "path", "variable", "holds", "mount", "owner", "include",
			"exclude", "public", "sensitive", "deletes", "guard", "read-only");

	private static final List<String> LIMIT = List.of("files", "share", "within", "reason");

	private final String file;

	private ProfileReader(String file) {
		this.file = file;
	}

	/**
	 * Reads a profile.
	 * @param file its name, for messages
	 * @throws ProfileException where it is not a profile
	 */
	static Profile read(String file, String yaml) {
		return new ProfileReader(file).profile(yaml);
	}

	private Profile profile(String yaml) {
		YamlMap profile = new YamlMap(this.file, compose(yaml), "a profile", PROFILE);
		List<ProfileRoot> roots = profile.maps("roots", ROOT).stream().map(this::root).toList();
		if (roots.isEmpty()) {
			throw profile.wrong("the profile has no roots: name at least one directory of uploads below 'roots:'");
		}
		Set<String> names = new TreeSet<>();
		for (ProfileRoot root : roots) {
			if (!names.add(root.volume())) {
				throw profile.wrong("two roots are for a volume '" + root.volume() + "': give each a name of its own");
			}
		}
		List<Profile.OffVolume> offVolume = profile.maps("off-volume", List.of("path", "holds", "reason", "keep"))
			.stream()
			.map((entry) -> new Profile.OffVolume(absolute(entry, "path"), entry.text("holds"), entry.text("reason"),
					entry.flag("keep", true)))
			.toList();
		List<Profile.Advice> advice = profile.maps("advice", List.of("do", "reason"))
			.stream()
			.map((entry) -> new Profile.Advice(entry.text("do"), entry.text("reason")))
			.toList();
		return new Profile(profile.value("profile", ProfileReader::name), profile.text("title"), profile.text("about"),
				profile.optional("app-directory").isPresent() ? absolute(profile, "app-directory") : null, roots,
				offVolume, advice);
	}

	private Node compose(String yaml) {
		try {
			Node node = new Yaml(new LoaderOptions()).compose(new StringReader(yaml));
			if (node == null) {
				throw ProfileException.at(this.file, 1, "the file is empty: begin with 'profile: NAME'");
			}
			return node;
		}
		catch (MarkedYAMLException ex) {
			int line = (ex.getProblemMark() != null) ? ex.getProblemMark().getLine() + 1 : 1;
			throw new ProfileException(this.file + ":" + line + ": this is no YAML (" + ex.getProblem()
					+ "): check the indentation, and put globs that begin with *, {, [ or ~ into quotes", ex);
		}
		catch (YAMLException ex) {
			throw new ProfileException(this.file + ":1: this is no YAML: " + ex.getMessage(), ex);
		}
	}

	private ProfileRoot root(YamlMap root) {
		YamlMap mount = root.map("mount", List.of("default", "holdfast", "reason"));
		YamlMap deletes = root.map("deletes", List.of("policy", "reason"));
		YamlMap guard = root.map("guard", List.of("deletes", "overwrites"));
		return new ProfileRoot(root.value("volume", (name) -> new VolumeName(name).value()),
				root.optional("path").isPresent() ? absolute(root, "path") : null,
				root.optional("variable").orElse(null), root.text("holds"),
				new ProfileRoot.Mount(mount.optional("default").orElse(null), mount.text("holdfast"),
						mount.text("reason")),
				owner(root), rules(root, "include"), rules(root, "exclude"), rules(root, "public"),
				rules(root, "sensitive"),
				new ProfileRoot.Deletes(deletes.value("policy", ProfileReader::policy), deletes.text("reason")),
				new ProfileRoot.Guard(limit(guard.map("deletes", LIMIT)), limit(guard.map("overwrites", LIMIT))),
				root.flag("read-only", false));
	}

	private static ProfileRoot.@Nullable Owner owner(YamlMap root) {
		return root.optionalMap("owner", List.of("user", "reason"))
			.map((owner) -> new ProfileRoot.Owner(owner.text("user"), owner.text("reason")))
			.orElse(null);
	}

	private static List<Rule> rules(YamlMap root, String key) {
		List<Rule> rules = new ArrayList<>();
		Set<String> seen = new TreeSet<>();
		for (YamlMap entry : root.maps(key, List.of("glob", "reason"))) {
			Glob glob = entry.value("glob", Glob::of);
			if (!seen.add(glob.toString())) {
				throw entry.wrong("glob '" + glob + "' is there twice below '" + key + "': remove one of the two");
			}
			rules.add(new Rule(glob, entry.text("reason")));
		}
		return rules;
	}

	private static ProfileRoot.Limit limit(YamlMap limit) {
		return new ProfileRoot.Limit(
				limit.value("files",
						(text) -> number(text, Integer::parseInt, 1, Integer.MAX_VALUE,
								"'files' is a number of files, 1 or more, for example 20")),
				limit.value("share",
						(text) -> number(text, Double::parseDouble, 0.0, 1.0,
								"'share' is a share of the volume's files from 0 to 1, for example 0.05")),
				limit.value("within", ProfileReader::duration), limit.text("reason"));
	}

	private static <T extends Comparable<T>> T number(String text, Function<String, T> parse, T least, T most,
			String what) {
		try {
			T number = parse.apply(text);
			if (number.compareTo(least) >= 0 && number.compareTo(most) <= 0) {
				return number;
			}
			throw new IllegalArgumentException("'" + text + "' is out of range: " + what);
		}
		catch (NumberFormatException ex) {
			throw new IllegalArgumentException("'" + text + "' is no number: " + what, ex);
		}
	}

	private static Duration duration(String text) {
		try {
			Duration duration = DurationStyle.detectAndParse(text);
			if (duration.isPositive()) {
				return duration;
			}
			throw new IllegalArgumentException("'within' is " + text + ": write more than nothing, for example 10m");
		}
		catch (IllegalArgumentException ex) {
			throw new IllegalArgumentException("'within' is '" + text + "': write a duration, for example 10m", ex);
		}
	}

	private static DeletePolicy policy(String text) {
		for (DeletePolicy policy : DeletePolicy.values()) {
			if (policy.text().equals(text)) {
				return policy;
			}
		}
		throw new IllegalArgumentException("'policy' is '" + text + "': write keep, trash or mirror");
	}

	private static String name(String text) {
		if (!text.matches("[a-z0-9][a-z0-9-]{0,62}")) {
			throw new IllegalArgumentException(
					"profile name '" + text + "' is not allowed: use lower-case letters, digits and hyphens");
		}
		return text;
	}

	private static String absolute(YamlMap map, String key) {
		return map.value(key, (text) -> {
			if (!text.startsWith("/") || text.endsWith("/") || text.contains("/../")) {
				throw new IllegalArgumentException("'" + key + "' is '" + text
						+ "': write the path in the app's container, from / on and without a slash at its end");
			}
			return text;
		});
	}

}
