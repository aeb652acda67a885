package dev.holdfast.worker.cli;

import java.time.Clock;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

import dev.holdfast.model.StoreName;
import dev.holdfast.worker.deadletter.Redrive;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * Which broker, and which store's records on it.
 */
final class KafkaOptions {

	static final String KAFKA_SETTING = "spring.kafka.bootstrap-servers";

	static final String STORE_SETTING = "holdfast.store.name";

	@Option(names = "--kafka", paramLabel = "HOST:PORT",
			description = "Kafka's bootstrap servers. Default: those of the running instance, KAFKA_BOOTSTRAP_SERVERS, or localhost:9092")
	private @Nullable String kafka;

	@Option(names = "--store", paramLabel = "NAME",
			description = "The store's name. Default: that of the running instance, HOLDFAST_STORE_NAME, or primary")
	private @Nullable String store;

	/**
	 * Fills in what was not given on the command line.
	 * @param known settings that someone who knows more has, by the names of the
	 * properties
	 */
	void complete(Map<String, String> known) {
		this.kafka = first(this.kafka, known.get(KAFKA_SETTING), System.getenv("KAFKA_BOOTSTRAP_SERVERS"),
				"localhost:9092");
		this.store = first(this.store, known.get(STORE_SETTING), System.getenv("HOLDFAST_STORE_NAME"),
				StoreName.PRIMARY.value());
	}

	Redrive redrive() {
		return new Redrive(Map.of("bootstrap.servers", kafka()), new StoreName(store()), Clock.systemUTC());
	}

	String kafka() {
		return Objects.requireNonNull(this.kafka, "complete() comes first");
	}

	private String store() {
		return Objects.requireNonNull(this.store, "complete() comes first");
	}

	private static String first(@Nullable String... candidates) {
		return Stream.of(candidates).filter(Objects::nonNull).findFirst().orElseThrow();
	}

}
