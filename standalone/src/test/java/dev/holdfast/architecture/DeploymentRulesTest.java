package dev.holdfast.architecture;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.Yaml;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the images and the stack promise.
 */
class DeploymentRulesTest {

	private static final Pattern SECRET = Pattern.compile("TOKEN|SECRET|ACCESS_KEY|PASSWORD");

	@ParameterizedTest
	@ValueSource(strings = { "app-service", "sync-worker" })
	void imagesRunUnprivilegedAndSayHowTheyAre(String service) {
		String file = CodeBase.read(CodeBase.root().resolve("deploy/images/" + service + "/Dockerfile"));
		String shipped = file.substring(file.lastIndexOf("\nFROM "));
		assertThat(file).contains("ARG BASE_IMAGE=");
		assertThat(shipped).contains("\nUSER 1000:1000\n", "\nHEALTHCHECK ", "\nENV LC_ALL=C.UTF-8\n", "-XX:AOTCache=",
				"@/opt/holdfast/java.options");
		assertThat(shipped).as("a secret in an image").doesNotContainPattern(SECRET);
	}

	@ParameterizedTest
	@ValueSource(strings = { "app-service", "sync-worker" })
	void servicesCannotWriteToTheirImage(String service) {
		Map<String, Object> definition = service(service);
		assertThat(definition).containsEntry("read_only", true)
			.containsEntry("cap_drop", List.of("ALL"))
			.containsEntry("security_opt", List.of("no-new-privileges:true"));
	}

	@Test
	void theWorkerCannotWriteToTheVolume() {
		assertThat((List<?>) service("sync-worker").get("volumes")).hasToString("[media:/media:ro]");
	}

	@ParameterizedTest
	@ValueSource(strings = { "kafka", "localstack", "app-service", "sync-worker" })
	void secretsHaveNoDefaults(String service) {
		environment(service).forEach((name, value) -> {
			// LocalStack's own token is for those who have an account there: absent is
			// right.
			if (SECRET.matcher(name).find() && !name.equals("LOCALSTACK_AUTH_TOKEN")) {
				assertThat(String.valueOf(value)).as(name).matches("\\$\\{\\w+:\\?.+\\}");
			}
		});
	}

	@Test
	void secretsAreAskedFor() {
		assertThat(environment("app-service")).containsKey("HOLDFAST_API_TOKEN");
		assertThat(environment("sync-worker")).containsKeys("HOLDFAST_API_TOKEN", "AWS_ACCESS_KEY_ID",
				"AWS_SECRET_ACCESS_KEY");
		assertThat(environment("app-service").keySet()).as("app-service holds no credentials of the store")
			.noneMatch((name) -> name.startsWith("AWS_"));
	}

	@Test
	void partsStartInOrderOfHealth() {
		assertThat(service("app-service").get("depends_on")).hasToString("{kafka={condition=service_healthy}}");
		assertThat(String.valueOf(service("sync-worker").get("depends_on")))
			.contains("kafka={condition=service_healthy}", "localstack={condition=service_healthy}");
	}

	@SuppressWarnings("unchecked")
	private static Map<String, Object> environment(String service) {
		return (Map<String, Object>) service(service).getOrDefault("environment", Map.of());
	}

	@SuppressWarnings("unchecked")
	private static Map<String, Object> service(String name) {
		Map<String, Map<String, Map<String, Object>>> stack = new Yaml()
			.load(CodeBase.read(CodeBase.root().resolve("docker-compose.yaml")));
		Map<String, Map<String, Object>> services = stack.getOrDefault("services", Map.of());
		return services.getOrDefault(name, Map.of());
	}

}
