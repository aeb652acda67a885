package dev.holdfast.standalone;

import java.util.Properties;
import java.util.stream.Collectors;

/**
 * Properties as text, in order and without a date, for values that need no escapes.
 */
final class PropertiesText {

	private PropertiesText() {
	}

	static String of(Properties properties) {
		return properties.stringPropertyNames()
			.stream()
			.sorted()
			.map((name) -> name + "=" + properties.getProperty(name) + "\n")
			.collect(Collectors.joining());
	}

}
