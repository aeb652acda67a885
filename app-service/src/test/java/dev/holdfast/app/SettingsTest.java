package dev.holdfast.app;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

import org.junit.jupiter.api.Test;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.io.ClassPathResource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the settings are where none are given, and which names they go by.
 */
class SettingsTest {

	private static StandardEnvironment environment(Map<String, Object> given) throws IOException {
		StandardEnvironment environment = new StandardEnvironment();
		environment.getPropertySources().remove(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME);
		environment.getPropertySources().addFirst(new MapPropertySource("given", given));
		new YamlPropertySourceLoader().load("yml", new ClassPathResource("app-service.yml"))
			.forEach(environment.getPropertySources()::addLast);
		return environment;
	}

	private static AppSettings bind(Map<String, Object> given) throws IOException {
		return Binder.get(environment(given)).bindOrCreate("holdfast", AppSettings.class);
	}

	@Test
	void defaults() throws IOException {
		AppSettings settings = bind(Map.of());
		assertThat(settings.dataDir()).isEqualTo(Path.of("holdfast-data").toAbsolutePath());
		assertThat(settings.volumes()).containsOnly(Map.entry("media", ""), Map.entry("uploads", ""));
		StandardEnvironment environment = environment(Map.of());
		assertThat(environment.getProperty("server.port")).isEqualTo("8080");
		assertThat(environment.getProperty("server.shutdown")).isEqualTo("graceful");
		assertThat(environment.getProperty("spring.threads.virtual.enabled")).isEqualTo("true");
		assertThat(environment.getProperty("holdfast.upload.max-size")).isEqualTo("5GB");
	}

	@Test
	void namesOfTheApplications() throws IOException {
		assertThat(bind(Map.of("MEDIA_ROOT", "/srv/media", "UPLOAD_FOLDER", "/srv/uploads")).volumes())
			.containsOnly(Map.entry("media", "/srv/media"), Map.entry("uploads", "/srv/uploads"));
	}

	@Test
	void ownNamesWin() throws IOException {
		assertThat(bind(Map.of("MEDIA_ROOT", "/srv/media", "holdfast.volumes.media", "/own",
				"holdfast.volumes.receipts-1", "/more"))
			.volumes())
			.containsOnly(Map.entry("media", "/own"), Map.entry("uploads", ""), Map.entry("receipts-1", "/more"));
	}

}
