package dev.holdfast.app.catalog;

import java.time.Clock;

import dev.holdfast.app.AppSettings;
import dev.holdfast.app.StartupException;
import dev.holdfast.app.kafka.KafkaClients;
import dev.holdfast.app.kafka.KafkaLink;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Puts the catalog into the data directory, and the projection beside it.
 */
@Configuration(proxyBeanMethods = false)
class CatalogConfiguration {

	@Bean
	Catalog catalog(AppSettings settings) {
		try {
			return Catalog.open(settings.dataDir(), Clock.systemUTC());
		}
		catch (CatalogException ex) {
			throw new StartupException(String.valueOf(ex.getMessage()), "Do as it says, then start again.", ex);
		}
	}

	@Bean(initMethod = "start")
	Projection projection(Catalog catalog, KafkaClients clients, KafkaLink link) {
		Projection projection = new Projection(catalog, clients::consumer, link::layout);
		link.onChange(projection::wake);
		return projection;
	}

}
