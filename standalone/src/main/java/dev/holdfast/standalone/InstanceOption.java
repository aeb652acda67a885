package dev.holdfast.standalone;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * Which running instance a command is about: sync-worker's commands take their settings
 * from its {@code connection.json}.
 */
final class InstanceOption {

	@Option(names = "--data", paramLabel = "DIR", description = "Data directory of the instance, as given to up.")
	private @Nullable Path data;

	/**
	 * The instance's settings by the names of sync-worker's properties; empty where none
	 * runs, so that options and environment decide.
	 */
	Map<String, String> settings() {
		Path directory = Environment.ofProcess().dataDirectory(this.data);
		return Connection.read(DataDirectory.connectionFile(directory)).map(InstanceOption::settings).orElseGet(() -> {
			if (this.data != null) {
				throw new HoldfastException(ExitCode.NOT_RUNNING,
						"No instance runs with data directory %s: start it with ./holdfast up".formatted(directory));
			}
			return Map.of();
		});
	}

	static Map<String, String> settings(Connection connection) {
		Map<String, String> settings = new LinkedHashMap<>();
		settings.put("spring.kafka.bootstrap-servers", connection.kafka());
		settings.put("holdfast.store.name", connection.store());
		settings.put("holdfast.store.bucket", connection.s3().bucket());
		put(settings, "holdfast.store.endpoint", connection.s3().endpoint());
		put(settings, "holdfast.store.region", connection.s3().region());
		put(settings, "holdfast.store.access-key", connection.s3().accessKey());
		put(settings, "holdfast.store.secret-key", connection.s3().secretKey());
		connection.volumes().forEach((name, root) -> settings.put("holdfast.volumes." + name, root));
		return settings;
	}

	private static void put(Map<String, String> settings, String name, @Nullable String value) {
		if (value != null) {
			settings.put(name, value);
		}
	}

}
