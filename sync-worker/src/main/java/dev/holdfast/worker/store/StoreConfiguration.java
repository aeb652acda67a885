package dev.holdfast.worker.store;

import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * The store that this worker replicates to.
 */
@Configuration(proxyBeanMethods = false)
class StoreConfiguration {

	@Bean
	@ConditionalOnMissingBean
	ObjectStore objectStore(StoreProperties properties) {
		return new S3ObjectStore(properties);
	}

}
