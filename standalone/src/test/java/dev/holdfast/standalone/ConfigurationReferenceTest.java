package dev.holdfast.standalone;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The configuration reference is written from the Javadoc of the settings, so it cannot
 * say anything else than the code does. Run with {@code -Dholdfast.docs.write=true} to
 * write it anew.
 */
class ConfigurationReferenceTest {

	private static final String BEGIN = "<!-- begin: written by ConfigurationReferenceTest -->\n";

	private static final String END = "<!-- end -->\n";

	private static final Path REFERENCE = Path.of("..", "docs", "configuration.md");

	private final JsonMapper json = new JsonMapper();

	@Test
	void referenceNamesEveryPropertyWithItsDefaultAndMeaning() throws IOException {
		String document = Files.readString(REFERENCE);
		int begin = document.indexOf(BEGIN) + BEGIN.length();
		int end = document.indexOf(END);
		assertThat(end).as("the markers of the generated part").isGreaterThanOrEqualTo(begin);
		String expected = document.substring(0, begin) + table() + document.substring(end);
		if (Boolean.getBoolean("holdfast.docs.write")) {
			Files.writeString(REFERENCE, expected);
		}
		assertThat(document).as("docs/configuration.md; write it anew with mvn -pl standalone -am test "
				+ "-Dtest=ConfigurationReferenceTest -Dsurefire.failIfNoSpecifiedTests=false -Dholdfast.docs.write=true")
			.isEqualTo(expected);
	}

	@Test
	void everyPropertyHasADescription() throws IOException {
		assertThat(properties()).isNotEmpty()
			.allSatisfy(
					(name, property) -> assertThat(property.path("description").asString("")).as("Javadoc of %s", name)
						.isNotBlank());
	}

	private String table() throws IOException {
		StringBuilder table = new StringBuilder("| property | default | meaning |\n|---|---|---|\n");
		properties().forEach((name, property) -> table.append("| `")
			.append(name)
			.append("` | ")
			.append(shown(property.path("defaultValue")))
			.append(" | ")
			.append(property.path("description")
				.asString("")
				.replaceAll("\\{@\\w+ ([^}]*)}", "`$1`")
				.replace("|", "\\|")
				.replaceAll("\\s+", " "))
			.append(" |\n"));
		return table.toString();
	}

	private static String shown(JsonNode value) {
		if (value.isMissingNode() || value.isNull()) {
			return "";
		}
		if (value.isArray()) {
			return "`" + String.join(",", value.valueStream().map(JsonNode::asString).toList()) + "`";
		}
		String text = value.asString("");
		return text.isEmpty() ? "" : "`" + text + "`";
	}

	private SortedMap<String, JsonNode> properties() throws IOException {
		SortedMap<String, JsonNode> properties = new TreeMap<>();
		List<URL> documents = Collections
			.list(getClass().getClassLoader().getResources("META-INF/spring-configuration-metadata.json"));
		for (URL document : documents) {
			try (InputStream in = document.openStream()) {
				for (JsonNode property : this.json.readTree(in).path("properties")) {
					String name = property.path("name").asString("");
					if (name.startsWith("holdfast.")) {
						properties.put(name, property);
					}
				}
			}
		}
		return properties;
	}

}
