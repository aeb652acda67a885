package dev.holdfast.app.kafka;

import java.util.HashMap;
import java.util.Map;

import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Makes Kafka clients. What each of them needs to be safe is set here, over what the
 * operator has set; the operator says where Kafka is and how to get in.
 */
public final class KafkaClients {

	private static final int REQUEST_MILLIS = 5_000;

	private static final int FETCH_WAIT_MILLIS = 5_000;

	private static final int FETCH_BYTES = 4 * 1024 * 1024;

	private final Map<String, Object> admin;

	private final Map<String, Object> producer;

	private final Map<String, Object> consumer;

	/**
	 * Clients with the operator's settings for each kind.
	 */
	public KafkaClients(Map<String, Object> admin, Map<String, Object> producer, Map<String, Object> consumer) {
		this.admin = admin(admin);
		this.producer = producer(producer);
		this.consumer = consumer(consumer);
	}

	/**
	 * Clients of brokers that let everyone in.
	 * @param bootstrapServers {@code host:port}, several with commas between them
	 */
	public static KafkaClients of(String bootstrapServers) {
		Map<String, Object> where = Map.of(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
		return new KafkaClients(where, where, where);
	}

	private static Map<String, Object> common(Map<String, Object> settings, String role) {
		Map<String, Object> config = new HashMap<>(settings);
		config.put(CommonClientConfigs.CLIENT_ID_CONFIG, "holdfast-app-" + role);
		// Soon back when the broker is, and still but one attempt each second.
		config.put(CommonClientConfigs.RECONNECT_BACKOFF_MS_CONFIG, 100);
		config.put(CommonClientConfigs.RECONNECT_BACKOFF_MAX_MS_CONFIG, 1_000);
		return config;
	}

	private static Map<String, Object> admin(Map<String, Object> settings) {
		Map<String, Object> config = common(settings, "admin");
		config.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, REQUEST_MILLIS);
		config.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, REQUEST_MILLIS);
		return config;
	}

	private static Map<String, Object> producer(Map<String, Object> settings) {
		Map<String, Object> config = common(settings, "outbox");
		config.put(ProducerConfig.ACKS_CONFIG, "all");
		config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
		config.put(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 5);
		// An event goes out when it is there: batches form while one is on its way.
		config.put(ProducerConfig.LINGER_MS_CONFIG, 0);
		config.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, REQUEST_MILLIS);
		config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 2 * REQUEST_MILLIS);
		config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, REQUEST_MILLIS);
		return config;
	}

	private static Map<String, Object> consumer(Map<String, Object> settings) {
		Map<String, Object> config = common(settings, "projection");
		// Offsets are the catalog's: no group, nothing is committed, nothing is skipped.
		config.remove(ConsumerConfig.GROUP_ID_CONFIG);
		config.put(ConsumerConfig.GROUP_PROTOCOL_CONFIG, "classic");
		config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
		config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
		config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
		config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 500);
		// The broker answers when there is something, and otherwise rarely.
		config.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, FETCH_WAIT_MILLIS);
		config.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, FETCH_BYTES);
		config.put(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, 3 * REQUEST_MILLIS);
		config.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 2 * REQUEST_MILLIS);
		return config;
	}

	/**
	 * A client that manages topics.
	 * @throws KafkaException where no address can be resolved or a setting is wrong
	 */
	public Admin admin() {
		return Admin.create(this.admin);
	}

	/**
	 * A client that publishes, idempotent and acknowledged by all in-sync replicas.
	 * @throws KafkaException where no address can be resolved or a setting is wrong
	 */
	public Producer<byte[], byte[]> producer() {
		return new KafkaProducer<>(this.producer, new ByteArraySerializer(), new ByteArraySerializer());
	}

	/**
	 * A client that reads partitions it is told to, from where it is told to.
	 * @throws KafkaException where no address can be resolved or a setting is wrong
	 */
	public Consumer<byte[], byte[]> consumer() {
		return new KafkaConsumer<>(this.consumer, new ByteArrayDeserializer(), new ByteArrayDeserializer());
	}

}
