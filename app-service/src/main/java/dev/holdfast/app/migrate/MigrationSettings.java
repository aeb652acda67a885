package dev.holdfast.app.migrate;

import java.util.List;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * From where files may be brought onto volumes.
 *
 * @param sources absolute paths of directories; files may be migrated from these and what
 * is below them. None by default, so that the API token of an app-service in a container
 * opens nothing but the volumes.
 */
@ConfigurationProperties("holdfast.migrate")
public record MigrationSettings(@DefaultValue List<String> sources) {

	/**
	 * Copies the list. Not of paths: those Spring looks up on the class path first.
	 */
	public MigrationSettings {
		sources = List.copyOf(sources);
	}

}
