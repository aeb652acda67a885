package dev.holdfast.app.profile;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/**
 * A mapping of a YAML file, read strictly: every key is one that is expected, once, and
 * every message names the line.
 */
final class YamlMap {

	private final String file;

	private final String what;

	private final Node node;

	private final Map<String, Node> values = new LinkedHashMap<>();

	/**
	 * Reads the keys.
	 * @param what what the mapping stands for, for messages
	 * @param keys those that it may have
	 * @throws ProfileException where it is no mapping, or has another key or one twice
	 */
	YamlMap(String file, Node node, String what, List<String> keys) {
		this.file = file;
		this.what = what;
		this.node = node;
		if (!(node instanceof MappingNode mapping)) {
			throw wrong(node, what + " is no mapping: write its keys below it, one in a line: " + keys);
		}
		for (NodeTuple entry : mapping.getValue()) {
			String key = scalar(entry.getKeyNode(), "a key");
			if (!keys.contains(key)) {
				throw wrong(entry.getKeyNode(), "'" + key + "' is no key of " + what + ": write " + instead(key, keys));
			}
			if (this.values.put(key, entry.getValueNode()) != null) {
				throw wrong(entry.getKeyNode(), "'" + key + "' is there twice: remove one of the two");
			}
		}
	}

	/**
	 * A text that has to be there.
	 */
	String text(String key) {
		return scalar(required(key), "'" + key + "'");
	}

	/**
	 * A text that may be absent.
	 */
	Optional<String> optional(String key) {
		return Optional.ofNullable(this.values.get(key)).map((value) -> scalar(value, "'" + key + "'"));
	}

	/**
	 * A value that is understood by a function, whose complaints become ours.
	 */
	<T> T value(String key, Function<String, T> meaning) {
		Node value = required(key);
		String text = scalar(value, "'" + key + "'");
		try {
			return meaning.apply(text);
		}
		catch (IllegalArgumentException ex) {
			throw wrong(value, String.valueOf(ex.getMessage()));
		}
	}

	/**
	 * Yes or no.
	 */
	boolean flag(String key, boolean otherwise) {
		if (!this.values.containsKey(key)) {
			return otherwise;
		}
		return value(key, (text) -> switch (text) {
			case "true" -> true;
			case "false" -> false;
			default -> throw new IllegalArgumentException("'" + key + "' is '" + text + "': write true or false");
		});
	}

	/**
	 * A mapping that has to be there.
	 */
	YamlMap map(String key, List<String> keys) {
		return new YamlMap(this.file, required(key), "'" + key + "'", keys);
	}

	/**
	 * A mapping that may be absent.
	 */
	Optional<YamlMap> optionalMap(String key, List<String> keys) {
		return this.values.containsKey(key) ? Optional.of(map(key, keys)) : Optional.empty();
	}

	/**
	 * A list of mappings; empty where it is absent.
	 */
	List<YamlMap> maps(String key, List<String> keys) {
		Node value = this.values.get(key);
		if (value == null) {
			return List.of();
		}
		if (!(value instanceof SequenceNode sequence)) {
			throw wrong(value, "'" + key + "' is no list: begin each entry with '- ', or write [] for none");
		}
		List<YamlMap> entries = new ArrayList<>();
		for (Node entry : sequence.getValue()) {
			entries.add(new YamlMap(this.file, entry, "an entry of '" + key + "'", keys));
		}
		return entries;
	}

	/**
	 * A complaint about the whole.
	 */
	ProfileException wrong(String problem) {
		return wrong(this.node, problem);
	}

	private Node required(String key) {
		Node value = this.values.get(key);
		if (value == null) {
			throw wrong(this.what + " has no '" + key + "': add it");
		}
		return value;
	}

	private String scalar(Node value, String name) {
		if (!(value instanceof ScalarNode scalar)) {
			throw wrong(value, name + " is no text: write one value behind the colon");
		}
		if (scalar.getValue().isBlank()) {
			throw wrong(value, name + " is empty: give it a value, or remove the key");
		}
		return scalar.getValue().strip();
	}

	private ProfileException wrong(Node at, String problem) {
		return ProfileException.at(this.file, at.getStartMark().getLine() + 1, problem);
	}

	/**
	 * The key that was probably meant, or all there are.
	 */
	private static String instead(String key, List<String> keys) {
		return keys.stream()
			.filter((known) -> known.startsWith(key) || key.startsWith(known) || isOneEditAway(known, key)
					|| isTransposed(known, key))
			.findFirst()
			.map((known) -> "'" + known + "'")
			.orElse("one of " + keys);
	}

	private static boolean isTransposed(String one, String other) {
		return Arrays.equals(one.chars().sorted().toArray(), other.chars().sorted().toArray());
	}

	private static boolean isOneEditAway(String one, String other) {
		int shorter = Math.min(one.length(), other.length());
		int same = 0;
		while (same < shorter && one.charAt(same) == other.charAt(same)) {
			same++;
		}
		String restOfOne = one.substring(Math.min(one.length(), same + ((one.length() >= other.length()) ? 1 : 0)));
		String restOfOther = other
			.substring(Math.min(other.length(), same + ((other.length() >= one.length()) ? 1 : 0)));
		return restOfOne.equals(restOfOther);
	}

}
