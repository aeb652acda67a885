package dev.holdfast.standalone;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.holdfast.app.profile.Profile;
import dev.holdfast.app.profile.ProfileRoot;
import dev.holdfast.app.profile.Rule;

import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Profiles and what they find as JSON.
 */
final class ProfileJson {

	private static final JsonMapper JSON = JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

	private ProfileJson() {
	}

	static String text(Object value) {
		return JSON.writeValueAsString(value) + "\n";
	}

	/**
	 * A profile with the names that its file has.
	 */
	static Map<String, Object> of(Profile profile) {
		Map<String, Object> json = new LinkedHashMap<>();
		json.put("profile", profile.name());
		json.put("title", profile.title());
		json.put("about", profile.about());
		json.put("roots", profile.roots().stream().map(ProfileJson::of).toList());
		json.put("offVolume", profile.offVolume());
		json.put("advice", profile.advice());
		return json;
	}

	private static Map<String, Object> of(ProfileRoot root) {
		Map<String, Object> json = new LinkedHashMap<>();
		json.put("volume", root.volume());
		json.put("path", root.path());
		json.put("variable", root.variable());
		json.put("holds", root.holds());
		json.put("mount", root.mount());
		json.put("owner", root.owner());
		json.put("readOnly", root.readOnly());
		json.put("include", rules(root.include()));
		json.put("exclude", rules(root.exclude()));
		json.put("public", rules(root.publicFiles()));
		json.put("sensitive", rules(root.sensitive()));
		json.put("deletes", Map.of("policy", root.deletes().policy().text(), "reason", root.deletes().reason()));
		json.put("guard", Map.of("deletes", of(root.guard().deletes()), "overwrites", of(root.guard().overwrites())));
		return json;
	}

	private static Map<String, Object> of(ProfileRoot.Limit limit) {
		return Map.of("files", limit.files(), "share", limit.share(), "withinSeconds", limit.within().toSeconds(),
				"reason", limit.reason());
	}

	private static List<Map<String, String>> rules(List<Rule> rules) {
		return rules.stream().map((rule) -> Map.of("glob", rule.glob().toString(), "reason", rule.reason())).toList();
	}

}
