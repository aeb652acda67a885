package dev.holdfast.app;

import java.nio.file.Path;
import java.util.Map;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where app-service keeps its own things, and which volumes it owns.
 *
 * @param dataDir directory of the catalog and the generated API token; made where it is
 * missing, and never on a volume
 * @param volumes the volumes: the directory of each by its name. An entry without a
 * directory counts as absent, so that a variable may be left empty.
 */
@ConfigurationProperties("holdfast")
public record AppSettings(@DefaultValue("holdfast-data") Path dataDir, @DefaultValue Map<String, String> volumes) {

	public AppSettings {
		dataDir = dataDir.toAbsolutePath().normalize();
		volumes = Map.copyOf(volumes);
	}

}
