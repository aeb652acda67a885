package dev.holdfast.app.outbox;

import dev.holdfast.app.catalog.Catalog;
import dev.holdfast.app.kafka.KafkaClients;
import dev.holdfast.app.kafka.KafkaLink;

/**
 * Relays for tests of other packages.
 */
public final class OutboxRelays {

	private OutboxRelays() {
	}

	/**
	 * Starts a relay as app-service does.
	 */
	public static OutboxRelay start(Catalog catalog, KafkaClients clients, KafkaLink link) {
		OutboxRelay relay = new OutboxConfiguration().outboxRelay(catalog, clients, link);
		relay.start();
		return relay;
	}

}
