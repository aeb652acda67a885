package dev.holdfast.worker.replay;

import java.time.Clock;
import java.util.HashMap;
import java.util.Map;

import dev.holdfast.model.StoreName;
import dev.holdfast.worker.engine.ReplicationProperties;
import dev.holdfast.worker.ledger.LedgerEntries;
import dev.holdfast.worker.replicate.DeleteProperties;
import dev.holdfast.worker.replicate.Replicator;
import dev.holdfast.worker.source.MediaSource;
import dev.holdfast.worker.source.SourceProperties;
import dev.holdfast.worker.store.S3ObjectStore;
import dev.holdfast.worker.store.StoreException;
import dev.holdfast.worker.store.StoreProperties;

import org.springframework.boot.context.config.ConfigDataEnvironmentPostProcessor;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

/**
 * The parts of a replay, made from the settings that the worker itself has, so that a
 * command needs no others. Without an application context: that would take longer to
 * start than a replay that finds everything in place takes to run.
 */
public final class ReplaySession implements AutoCloseable {

	private final StoreProperties properties;

	private final S3ObjectStore store;

	private final KafkaLedger ledger;

	private final ReplayParts parts;

	/**
	 * Opens a session; does not touch the network.
	 * @param settings what is set otherwise than by file and environment
	 * @throws org.springframework.boot.context.properties.bind.BindException where
	 * settings are missing or wrong
	 */
	public ReplaySession(Map<String, String> settings) {
		Binder binder = binder(settings);
		this.properties = binder.bindOrCreate("holdfast.store", StoreProperties.class);
		ReplicationProperties replication = binder.bindOrCreate("holdfast.replication", ReplicationProperties.class);
		MediaSource source = binder.bindOrCreate("holdfast", SourceProperties.class).open();
		KafkaProperties kafka = binder.bindOrCreate("spring.kafka", KafkaProperties.class);
		this.store = new S3ObjectStore(this.properties);
		this.ledger = new KafkaLedger(kafka.buildProducerProperties());
		Replicator replicator = new Replicator(this.store, source, this.properties.objectKeys(),
				replication.largeThreshold().toBytes(),
				binder.bindOrCreate("holdfast.deletes", DeleteProperties.class));
		this.parts = new ReplayParts(kafka.buildConsumerProperties(), this.store, source, replicator,
				this.properties.objectKeys(),
				new LedgerEntries(this.properties.storeName(), this.properties.bucket(), Clock.systemUTC()),
				this.ledger);
	}

	private static Binder binder(Map<String, String> settings) {
		Map<String, Object> first = new HashMap<>(settings);
		first.put("spring.config.name", "sync-worker");
		StandardEnvironment environment = new StandardEnvironment();
		environment.getPropertySources().addFirst(new MapPropertySource("command", first));
		ConfigDataEnvironmentPostProcessor.applyTo(environment);
		ConfigurationPropertySources.attach(environment);
		return Binder.get(environment);
	}

	/**
	 * The store that is replayed to.
	 */
	public StoreName storeName() {
		return this.properties.storeName();
	}

	/**
	 * Replays.
	 * @throws StoreException where the store is away or lets nobody in
	 * @throws org.apache.kafka.common.KafkaException where Kafka is away or lacks a topic
	 */
	public ReplayReport run(ReplayRequest request, Progress progress) throws StoreException, InterruptedException {
		return new Replay(this.parts, request, progress).run();
	}

	@Override
	public void close() {
		this.ledger.close();
		this.store.close();
	}

}
