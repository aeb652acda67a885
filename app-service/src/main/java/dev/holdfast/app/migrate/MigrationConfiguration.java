package dev.holdfast.app.migrate;

import dev.holdfast.app.volume.MountTable;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Migrations go by the mounts that this process sees.
 */
@Configuration(proxyBeanMethods = false)
class MigrationConfiguration {

	@Bean
	Mounts mounts() {
		return MountTable::now;
	}

}
