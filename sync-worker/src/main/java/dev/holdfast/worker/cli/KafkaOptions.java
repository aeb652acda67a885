package dev.holdfast.worker.cli;

import java.time.Clock;
import java.util.Map;

import dev.holdfast.model.StoreName;
import dev.holdfast.worker.deadletter.Redrive;
import picocli.CommandLine.Option;

/**
 * Which broker, and which store's records on it.
 */
final class KafkaOptions {

	@Option(names = "--kafka", paramLabel = "HOST:PORT", description = "Kafka's bootstrap servers (${DEFAULT-VALUE})",
			defaultValue = "${env:KAFKA_BOOTSTRAP_SERVERS:-localhost:9092}")
	private String kafka = "";

	@Option(names = "--store", paramLabel = "NAME", description = "The store's name (${DEFAULT-VALUE})",
			defaultValue = "${env:HOLDFAST_STORE_NAME:-primary}")
	private String store = "";

	Redrive redrive() {
		return new Redrive(Map.of("bootstrap.servers", this.kafka), new StoreName(this.store), Clock.systemUTC());
	}

	String kafka() {
		return this.kafka;
	}

	String store() {
		return this.store;
	}

}
