package dev.holdfast.worker.source;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Where this worker reads media files.
 */
@Configuration(proxyBeanMethods = false)
class SourceConfiguration {

	@Bean
	MediaSource mediaSource(SourceProperties properties) {
		return properties.open();
	}

}
