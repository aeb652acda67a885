package dev.holdfast.app.api;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

import dev.holdfast.app.RunningApp;
import dev.holdfast.app.catalog.ReplicaState;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The description says all that the API does, and nothing else.
 */
class OpenApiTest {

	private static final Set<String> METHODS = Set.of("get", "put", "post", "delete", "patch");

	private final RunningApp app = RunningApp.shared();

	private Map<?, ?> document() throws Exception {
		try (HttpClient client = HttpClient.newHttpClient()) {
			HttpResponse<String> response = client
				.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + this.app.port() + "/api/v1/openapi.yaml"))
					.build(), HttpResponse.BodyHandlers.ofString());
			assertThat(response.headers().firstValue("Content-Type")).contains("application/yaml");
			return new Yaml().load(response.body());
		}
	}

	@Test
	void describesEveryRouteThatIsMapped() throws Exception {
		Set<String> described = new TreeSet<>();
		map(document(), "paths").forEach((path, item) -> ((Map<?, ?>) item).keySet()
			.stream()
			.map(String::valueOf)
			.filter(METHODS::contains)
			.forEach((method) -> described.add(method + " " + path)));
		Set<String> mapped = new TreeSet<>();
		for (RequestMappingInfo info : this.app.context()
			.getBean("requestMappingHandlerMapping", RequestMappingHandlerMapping.class)
			.getHandlerMethods()
			.keySet()) {
			for (String path : info.getPatternValues()) {
				for (RequestMethod method : info.getMethodsCondition().getMethods()) {
					mapped.add(method.name().toLowerCase(Locale.ROOT) + " " + path.replace("{*", "{"));
				}
			}
		}
		assertThat(mapped).isNotEmpty();
		assertThat(described).isEqualTo(mapped);
	}

	@Test
	void namesEveryProblemAndState() throws Exception {
		Map<?, ?> schemas = map(map(document(), "components"), "schemas");
		String types = String.valueOf(map(map(map(schemas, "Problem"), "properties"), "type").get("description"));
		for (ProblemType type : ProblemType.values()) {
			String uri = type.uri().toString();
			assertThat(types).contains(uri.substring(uri.lastIndexOf('/') + 1));
		}
		assertThat(map(schemas, "State").get("enum")).isEqualTo(Arrays.stream(ReplicaState.values())
			.map((state) -> state.name().toLowerCase(Locale.ROOT).replace('_', '-'))
			.collect(Collectors.toList()));
	}

	@Test
	void refersToNothingThatIsNotThere() throws Exception {
		Map<?, ?> document = document();
		Set<String> references = new TreeSet<>();
		collect(document, references);
		assertThat(references).isNotEmpty().allSatisfy((reference) -> {
			Object at = document;
			for (String step : reference.substring(2).split("/", -1)) {
				at = ((Map<?, ?>) at).get(step);
				assertThat(at).as(reference).isNotNull();
			}
		});
	}

	private static void collect(Object node, Set<String> references) {
		switch (node) {
			case Map<?, ?> map -> map.forEach((key, value) -> {
				if (key.equals("$ref")) {
					references.add(String.valueOf(value));
				}
				else {
					collect(value, references);
				}
			});
			case Iterable<?> list -> list.forEach((value) -> collect(value, references));
			default -> {
				// A scalar refers to nothing.
			}
		}
	}

	private static Map<?, ?> map(Map<?, ?> parent, String key) {
		return (Map<?, ?>) Objects.requireNonNull(parent.get(key), key);
	}

}
