package dev.holdfast.broker;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.holdfast.broker.BrokerStartException.Reason;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Exit;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.Feature;
import org.apache.kafka.server.common.MetadataVersion;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A single-node Kafka broker (KRaft: broker and controller in one) in this JVM. It keeps
 * its data in a directory, listens on 127.0.0.1 only, and can be started again on the
 * same directory and port. Topics are not created by use.
 * <p>
 * Where Kafka gives up it ends the JVM. A broker that shares its JVM with others must
 * not, so that this class turns the end into {@link #failure()}, for the owner to act on.
 */
public final class KafkaBroker implements AutoCloseable {

	private static final Logger LOG = LoggerFactory.getLogger(KafkaBroker.class);

	private static final int START_ATTEMPTS = 5;

	// Kafka has one exit procedure per JVM, and it does not say which broker asks.
	private static final Set<KafkaBroker> RUNNING = ConcurrentHashMap.newKeySet();

	static {
		Exit.setExitProcedure(KafkaBroker::onExit);
		Exit.setHaltProcedure(KafkaBroker::onExit);
	}

	private final int port;

	private final KafkaRaftServer server;

	private final DirectoryLock lock;

	private final CompletableFuture<String> failure = new CompletableFuture<>();

	private final AtomicBoolean closed = new AtomicBoolean();

	private KafkaBroker(int port, KafkaRaftServer server, DirectoryLock lock) {
		this.port = port;
		this.server = server;
		this.lock = lock;
	}

	/**
	 * Starts a broker and returns when it takes requests.
	 * @param dataDirectory where its data is, or will be; created where missing
	 * @param port the port to listen on, 0 for any free one
	 * @throws BrokerStartException where it does not start, with the reason
	 */
	public static KafkaBroker start(Path dataDirectory, int port) {
		if (port != 0 && !FreePort.isFree(port)) {
			throw portInUse(port, null);
		}
		DirectoryLock lock = DirectoryLock.acquire(dataDirectory);
		boolean started = false;
		try {
			KafkaBroker broker = start(dataDirectory, port, lock);
			started = true;
			return broker;
		}
		finally {
			if (!started) {
				lock.close();
			}
		}
	}

	private static KafkaBroker start(Path dataDirectory, int port, DirectoryLock lock) {
		for (int attempt = 1;; attempt++) {
			Properties config = BrokerConfig.of(dataDirectory, (port != 0) ? port : FreePort.find(), FreePort.find());
			try {
				return startOnce(config, lock);
			}
			catch (Exception | LinkageError ex) {
				// One of the free ports was taken by somebody else in the meantime.
				boolean portTaken = BrokerConfig.ports(config).anyMatch((taken) -> !FreePort.isFree(taken));
				if (port != 0 && !FreePort.isFree(port)) {
					throw portInUse(port, ex);
				}
				if (!portTaken || attempt == START_ATTEMPTS) {
					throw new BrokerStartException(Reason.FAILED,
							"Kafka broker on %s did not start: %s".formatted(dataDirectory, rootMessage(ex)), ex);
				}
			}
		}
	}

	private static KafkaBroker startOnce(Properties config, DirectoryLock lock) throws Exception {
		formatIfNew(config);
		KafkaRaftServer server = new KafkaRaftServer(KafkaConfig.fromProps(config, false), Time.SYSTEM);
		KafkaBroker broker = new KafkaBroker(BrokerConfig.port(config), server, lock);
		RUNNING.add(broker);
		boolean started = false;
		try {
			server.startup();
			started = true;
			return broker;
		}
		finally {
			if (!started) {
				RUNNING.remove(broker);
				server.shutdown();
				server.awaitShutdown();
			}
		}
	}

	private static void formatIfNew(Properties config) throws Exception {
		Path directory = BrokerConfig.logDirectory(config);
		if (Files.exists(directory.resolve("meta.properties"))) {
			return;
		}
		Files.createDirectories(directory);
		new Formatter().setPrintStream(new java.io.PrintStream(java.io.OutputStream.nullOutputStream()))
			.setSupportedFeatures(Feature.PRODUCTION_FEATURES)
			.setNodeId(BrokerConfig.NODE_ID)
			.setClusterId(Uuid.randomUuid().toString())
			.addDirectory(directory.toString())
			.setMetadataLogDirectory(directory.toString())
			.setReleaseVersion(MetadataVersion.LATEST_PRODUCTION)
			.setControllerListenerName(BrokerConfig.CONTROLLER_LISTENER)
			.setHasDynamicQuorum(false)
			.run();
	}

	/**
	 * The address for clients, as {@code host:port}.
	 */
	public String bootstrapServers() {
		return BrokerConfig.HOST + ":" + this.port;
	}

	/**
	 * The port it listens on.
	 */
	public int port() {
		return this.port;
	}

	/**
	 * Completes, with what Kafka said, when the broker gave up by itself: the disk is
	 * full, a log directory is gone. Never completes exceptionally, and not at all where
	 * the broker is closed in good order.
	 */
	public CompletionStage<String> failure() {
		return this.failure.minimalCompletionStage();
	}

	/**
	 * Stops the broker in good order and returns when it is down. May be called again.
	 */
	@Override
	public void close() {
		if (!this.closed.compareAndSet(false, true)) {
			return;
		}
		try {
			this.server.shutdown();
			this.server.awaitShutdown();
		}
		finally {
			RUNNING.remove(this);
			this.lock.close();
		}
	}

	private static void onExit(int status, @Nullable String message) {
		String reason = (message != null) ? message : "Kafka gave up with status " + status;
		LOG.atError().addKeyValue("status", status).log("Kafka broker gave up: {}", reason);
		RUNNING.forEach((broker) -> broker.failure.complete(reason));
		// Kafka's code relies on not going on after this point.
		throw new BrokerHalted(reason);
	}

	private static BrokerStartException portInUse(int port, @Nullable Throwable cause) {
		return new BrokerStartException(Reason.PORT_IN_USE,
				"Kafka broker: port %d is in use: stop what listens there or choose another port".formatted(port),
				cause);
	}

	private static String rootMessage(Throwable thrown) {
		Throwable root = thrown;
		while (root.getCause() != null && root.getCause() != root) {
			root = root.getCause();
		}
		return root.toString();
	}

	/**
	 * Ends the thread in which Kafka wanted to end the JVM.
	 */
	private static final class BrokerHalted extends RuntimeException {

		BrokerHalted(String message) {
			super(message);
		}

	}

}
