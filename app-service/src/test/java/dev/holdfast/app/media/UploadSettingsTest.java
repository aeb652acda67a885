package dev.holdfast.app.media;

import java.time.Duration;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class UploadSettingsTest {

	private static UploadSettings bind(Map<String, String> given) {
		return new Binder(new MapConfigurationPropertySource(given)).bindOrCreate("holdfast.upload",
				UploadSettings.class);
	}

	@Test
	void defaults() {
		assertThat(bind(Map.of())).isEqualTo(new UploadSettings(DataSize.ofGigabytes(5), 1000, Duration.ofMinutes(1)));
	}

	@Test
	void given() {
		assertThat(bind(Map.of("holdfast.upload.max-size", "1MB", "holdfast.upload.max-files", "2",
				"holdfast.upload.max-wait", "3s")))
			.isEqualTo(new UploadSettings(DataSize.ofMegabytes(1), 2, Duration.ofSeconds(3)));
	}

	@ParameterizedTest
	@ValueSource(strings = { "max-size", "max-files", "max-wait" })
	void refusesNothingAndLess(String name) {
		assertThatThrownBy(() -> bind(Map.of("holdfast.upload." + name, name.equals("max-wait") ? "-1s" : "0")))
			.hasRootCauseMessage("holdfast.upload." + name + " is "
					+ (name.equals("max-size") ? "0B" : name.equals("max-files") ? "0" : "PT-1S"));
	}

}
