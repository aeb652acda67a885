package dev.holdfast.broker;

import java.nio.file.Path;
import java.util.Properties;
import java.util.stream.IntStream;

/**
 * The broker's configuration: one node without replicas, few threads, small buffers.
 */
final class BrokerConfig {

	static final String HOST = "127.0.0.1";

	static final String CONTROLLER_LISTENER = "CONTROLLER";

	static final int NODE_ID = 1;

	private static final String CLIENT_LISTENER = "PLAINTEXT";

	private BrokerConfig() {
	}

	static Properties of(Path dataDirectory, int port, int controllerPort) {
		Properties config = new Properties();
		put(config, "process.roles", "broker,controller");
		put(config, "node.id", NODE_ID);
		put(config, "controller.quorum.voters", NODE_ID + "@" + HOST + ":" + controllerPort);
		put(config, "controller.listener.names", CONTROLLER_LISTENER);
		put(config, "listeners", address(CLIENT_LISTENER, port) + "," + address(CONTROLLER_LISTENER, controllerPort));
		put(config, "advertised.listeners", address(CLIENT_LISTENER, port));
		put(config, "listener.security.protocol.map",
				CLIENT_LISTENER + ":PLAINTEXT," + CONTROLLER_LISTENER + ":PLAINTEXT");
		put(config, "log.dirs", dataDirectory.toAbsolutePath().resolve("kafka"));
		put(config, "auto.create.topics.enable", false);
		singleNode(config);
		durable(config);
		thrifty(config);
		return config;
	}

	private static void singleNode(Properties config) {
		put(config, "default.replication.factor", 1);
		put(config, "min.insync.replicas", 1);
		put(config, "offsets.topic.replication.factor", 1);
		put(config, "offsets.topic.num.partitions", 1);
		put(config, "transaction.state.log.replication.factor", 1);
		put(config, "transaction.state.log.min.isr", 1);
		put(config, "transaction.state.log.num.partitions", 1);
		put(config, "share.coordinator.state.topic.replication.factor", 1);
		put(config, "share.coordinator.state.topic.min.isr", 1);
		put(config, "share.coordinator.state.topic.num.partitions", 1);
		// A consumer that is alone gains nothing by waiting for others to join.
		put(config, "group.initial.rebalance.delay.ms", 0);
	}

	private static void durable(Properties config) {
		// There is no other node that would still have an acknowledged record after a
		// power
		// failure, so each batch is forced to the disk before it is acknowledged.
		put(config, "log.flush.interval.messages", 1);
		// A host that was off for a month goes on where it stopped.
		put(config, "offsets.retention.minutes", 5 * 365 * 24 * 60);
	}

	private static void thrifty(Properties config) {
		put(config, "num.network.threads", 1);
		put(config, "num.io.threads", 4);
		put(config, "background.threads", 2);
		put(config, "num.recovery.threads.per.data.dir", 2);
		put(config, "group.coordinator.threads", 1);
		put(config, "share.coordinator.threads", 1);
		put(config, "log.cleaner.threads", 1);
		put(config, "log.cleaner.dedupe.buffer.size", 8 * 1024 * 1024);
		put(config, "log.cleaner.io.buffer.size", 128 * 1024);
		put(config, "log.segment.bytes", 128 * 1024 * 1024);
		// Index files are laid out at full size; this one covers a segment of the size
		// above.
		put(config, "log.index.size.max.bytes", 1024 * 1024);
		// The controller's sign of life to its followers, twice a second: there are none.
		put(config, "metadata.max.idle.interval.ms", 0);
		put(config, "metadata.log.segment.bytes", 16 * 1024 * 1024);
		put(config, "metadata.max.retention.bytes", 64 * 1024 * 1024);
	}

	static int port(Properties config) {
		return portOf(config.getProperty("advertised.listeners"));
	}

	static IntStream ports(Properties config) {
		return java.util.Arrays.stream(config.getProperty("listeners").split(",")).mapToInt(BrokerConfig::portOf);
	}

	static Path logDirectory(Properties config) {
		return Path.of(config.getProperty("log.dirs"));
	}

	private static int portOf(String listener) {
		return Integer.parseInt(listener.substring(listener.lastIndexOf(':') + 1));
	}

	private static String address(String listener, int port) {
		return listener + "://" + HOST + ":" + port;
	}

	private static void put(Properties config, String key, Object value) {
		config.setProperty(key, value.toString());
	}

}
