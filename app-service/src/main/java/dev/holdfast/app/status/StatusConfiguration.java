package dev.holdfast.app.status;

import java.time.Clock;

import dev.holdfast.app.catalog.Catalog;
import dev.holdfast.app.catalog.Projection;
import dev.holdfast.app.guard.HoldDesk;
import dev.holdfast.app.kafka.KafkaLink;
import dev.holdfast.app.outbox.OutboxRelay;
import dev.holdfast.app.scan.ScanRunner;
import dev.holdfast.app.volume.Volumes;
import dev.holdfast.app.watch.Watchers;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Puts the status together.
 */
@Configuration(proxyBeanMethods = false)
class StatusConfiguration {

	@Bean
	StatusReporter statusReporter(Catalog catalog, KafkaLink link, OutboxRelay relay, Projection projection,
			ScanRunner scan, Volumes volumes, Watchers watchers, HoldDesk holds, StatusSettings settings) {
		return new StatusReporter(catalog, link, relay, projection, scan, volumes, watchers, holds,
				new StoreStates(settings.workers(), settings.workerToken()), Clock.systemUTC());
	}

}
