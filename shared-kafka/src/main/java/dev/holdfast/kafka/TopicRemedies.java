package dev.holdfast.kafka;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import dev.holdfast.kafka.TopicFinding.Kind;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;

/**
 * Compares one topic with its specification and says what to do about a difference.
 */
final class TopicRemedies {

	private TopicRemedies() {
	}

	static void compare(TopicSpec spec, int partitions, Config config, List<TopicFinding> findings) {
		if (partitions != spec.partitions()) {
			findings.add(new TopicFinding(spec.name(), Kind.PARTITIONS, "partitions",
					Integer.toString(spec.partitions()), Integer.toString(partitions),
					"Leave it if it was chosen: replication works, only its spread over workers differs. "
							+ "Do not change it on a topic with records, as the order per file would break."));
		}
		spec.config().entrySet().stream().sorted(Map.Entry.comparingByKey()).forEach((setting) -> {
			ConfigEntry entry = config.get(setting.getKey());
			String actual = (entry != null && entry.value() != null) ? entry.value() : "not set";
			if (!suffices(setting.getKey(), setting.getValue(), actual)) {
				findings.add(new TopicFinding(spec.name(), Kind.CONFIGURATION, setting.getKey(), setting.getValue(),
						actual, "Run: " + alter(spec.name(), setting.getKey(), setting.getValue())));
			}
		});
	}

	private static boolean suffices(String name, String expected, String actual) {
		if (name.endsWith(".ms")) {
			return actual.equals(TopicSpec.UNLIMITED) || (!expected.equals(TopicSpec.UNLIMITED)
					&& actual.matches("\\d{1,18}") && Long.parseLong(actual) >= Long.parseLong(expected));
		}
		return values(actual).equals(values(expected));
	}

	private static Set<String> values(String list) {
		return Arrays.stream(list.split(",")).map(String::strip).collect(Collectors.toSet());
	}

	static String create(TopicSpec spec) {
		return "kafka-topics.sh --bootstrap-server BROKER --create --topic %s --partitions %d%s".formatted(spec.name(),
				spec.partitions(),
				spec.config()
					.entrySet()
					.stream()
					.sorted(Map.Entry.comparingByKey())
					.map((setting) -> " --config " + setting.getKey() + "=" + setting.getValue())
					.collect(Collectors.joining()));
	}

	private static String alter(String topic, String name, String value) {
		return "kafka-configs.sh --bootstrap-server BROKER --alter --entity-type topics --entity-name %s --add-config %s=%s"
			.formatted(topic, name, value);
	}

}
