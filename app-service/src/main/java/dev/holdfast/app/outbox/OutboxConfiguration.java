package dev.holdfast.app.outbox;

import dev.holdfast.app.catalog.Catalog;
import dev.holdfast.app.kafka.KafkaClients;
import dev.holdfast.app.kafka.KafkaLink;
import dev.holdfast.app.kafka.LinkState;
import dev.holdfast.model.Topics;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Sets the relay between catalog and Kafka.
 */
@Configuration(proxyBeanMethods = false)
class OutboxConfiguration {

	@Bean(initMethod = "start")
	OutboxRelay outboxRelay(Catalog catalog, KafkaClients clients, KafkaLink link) {
		OutboxRelay relay = new OutboxRelay(catalog, new KafkaEventSender(clients::producer), () -> takesEvents(link),
				link::doubt);
		link.onChange(relay::wake);
		return relay;
	}

	static boolean takesEvents(KafkaLink link) {
		return link.state() instanceof LinkState.Up up && up.layout().topics().containsKey(Topics.EVENTS);
	}

}
