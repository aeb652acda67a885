package dev.holdfast.app.health;

import java.util.List;

import dev.holdfast.app.catalog.Catalog;
import dev.holdfast.app.catalog.CatalogException;
import dev.holdfast.app.catalog.Hold;
import dev.holdfast.app.catalog.Totals;
import dev.holdfast.app.kafka.KafkaLink;
import dev.holdfast.app.kafka.LinkState;
import dev.holdfast.app.outbox.OutboxRelay;
import dev.holdfast.app.volume.Volume;
import dev.holdfast.app.volume.VolumeState;
import dev.holdfast.app.volume.Volumes;
import dev.holdfast.kafka.TopicFinding;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * The health of each part, with the reason where it is not well. Ready means that uploads
 * can be taken: that needs the catalog and a volume, and neither Kafka nor a store.
 */
@Configuration(proxyBeanMethods = false)
class HealthConfiguration {

	/**
	 * Works, but not all of it. Neither up nor down for the sum of all parts.
	 */
	static final Status DEGRADED = new Status("DEGRADED");

	@Bean
	HealthIndicator kafkaHealthIndicator(KafkaLink link) {
		return () -> switch (link.state()) {
			case LinkState.Up up -> Health.up().withDetail("cluster", up.layout().clusterId()).build();
			case LinkState.Down down ->
				Health.down().withDetail("reason", down.reason()).withDetail("since", down.since().toString()).build();
			case LinkState.Connecting _ ->
				Health.unknown().withDetail("reason", "No answer yet since the start").build();
		};
	}

	@Bean
	HealthIndicator topicsHealthIndicator(KafkaLink link) {
		return () -> {
			if (!(link.state() instanceof LinkState.Up up)) {
				return Health.unknown().withDetail("reason", "Kafka is not reached").build();
			}
			Health.Builder health = up.findings().isEmpty() ? Health.up() : Health.status(DEGRADED);
			for (TopicFinding finding : up.findings()) {
				health.withDetail(finding.topic() + " " + finding.setting(), finding.message());
			}
			return health.build();
		};
	}

	@Bean
	HealthIndicator catalogHealthIndicator(Catalog catalog) {
		return () -> {
			try {
				catalog.check();
				return Health.up().build();
			}
			catch (CatalogException ex) {
				return Health.down().withDetail("reason", String.valueOf(ex.getMessage())).build();
			}
		};
	}

	@Bean
	HealthIndicator volumesHealthIndicator(Volumes volumes) {
		return () -> {
			int available = 0;
			Health.Builder health = new Health.Builder();
			for (Volume volume : volumes.all()) {
				switch (volume.state()) {
					case VolumeState.Available _ -> {
						available++;
						health.withDetail(volume.name().value(), "available");
					}
					case VolumeState.NotAvailable(String reason) -> health.withDetail(volume.name().value(), reason);
				}
			}
			if (available == 0) {
				return health.down().build();
			}
			return (available == volumes.all().size()) ? health.up().build() : health.status(DEGRADED).build();
		};
	}

	@Bean
	HealthIndicator holdsHealthIndicator(Catalog catalog) {
		return () -> {
			List<Hold> holds = catalog.holds().all();
			Health.Builder health = holds.isEmpty() ? Health.up() : Health.status(DEGRADED);
			for (Hold hold : holds) {
				health.withDetail(hold.volume().value(),
						"held since " + hold.since() + ", because " + hold.reason() + "; last good moment "
								+ hold.lastGood().at() + ", positions " + hold.lastGood().positions()
								+ "; ./holdfast deletes list shows more");
			}
			return health.build();
		};
	}

	@Bean
	HealthIndicator outboxHealthIndicator(Catalog catalog, OutboxRelay relay) {
		return () -> {
			Totals totals = catalog.totals();
			String trouble = relay.trouble();
			Health.Builder health = (trouble == null && relay.refused() == 0) ? Health.up() : Health.status(DEGRADED);
			if (trouble != null) {
				health.withDetail("reason", trouble);
			}
			return health.withDetail("waiting", totals.outboxWaiting()).withDetail("refused", relay.refused()).build();
		};
	}

}
