package dev.holdfast.it.harness;

import java.util.List;
import java.util.regex.Pattern;

/**
 * What a person wants to see of a log when a test has failed.
 */
final class Logs {

	private static final int LINES = 80;

	private static final Pattern KAFKA_AT_WORK = Pattern
		.compile("^\\t[a-z.]+ = |(INFO|WARN) .*(kafka\\.|state\\.change|o\\.a\\.k\\.|o\\.a\\.kafka|kafka\\.c)");

	private Logs() {
	}

	static String tail(String log) {
		List<String> lines = log.lines().filter((line) -> !KAFKA_AT_WORK.matcher(line).find()).toList();
		return String.join("\n", lines.subList(Math.max(0, lines.size() - LINES), lines.size()));
	}

}
