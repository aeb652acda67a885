package dev.holdfast.worker.engine;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import dev.holdfast.kafka.TopicFinding;
import dev.holdfast.worker.kafka.KafkaConnection;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.context.SmartLifecycle;

/**
 * Begins when Kafka and its topics are there, however long that takes, and without
 * holding up anyone; ends before the bindings do, so that what is in work can finish and
 * be acknowledged.
 */
final class EngineLifecycle implements SmartLifecycle {

	private static final Logger LOG = LoggerFactory.getLogger(EngineLifecycle.class);

	private static final Duration BETWEEN_ATTEMPTS = Duration.ofSeconds(1);

	private final Engine engine;

	private final Assignments assignments;

	private final KafkaConnection kafka;

	private final Runnable bind;

	private final Runnable checkStore;

	private final Duration drainTimeout;

	private final CountDownLatch stopped = new CountDownLatch(1);

	private volatile boolean consuming;

	private volatile @Nullable Thread starter;

	/**
	 * A lifecycle.
	 * @param bind binds the functions to their topics; the broker is there when it is
	 * called
	 * @param checkStore finds out whether the store is there
	 */
	EngineLifecycle(Engine engine, Assignments assignments, KafkaConnection kafka, Runnable bind, Runnable checkStore,
			Duration drainTimeout) {
		this.engine = engine;
		this.assignments = assignments;
		this.kafka = kafka;
		this.bind = bind;
		this.checkStore = checkStore;
		this.drainTimeout = drainTimeout;
	}

	@Override
	public void start() {
		Thread.ofVirtual().name("store-check").start(this.checkStore);
		this.starter = Thread.ofVirtual().name("kafka-starter").start(this::startWhenKafkaIsThere);
	}

	private void startWhenKafkaIsThere() {
		boolean waiting = false;
		KafkaConnection.State state = this.kafka.prepareTopics();
		while (!state.topicsThere()) {
			if (!waiting) {
				waiting = true;
				LOG.atWarn()
					.addKeyValue("reason", state.up() ? state.findings() : state.reason())
					.log("Kafka or its topics are not there: replication begins when they are");
			}
			try {
				if (this.stopped.await(BETWEEN_ATTEMPTS.toMillis(), TimeUnit.MILLISECONDS)) {
					return;
				}
			}
			catch (InterruptedException ex) {
				return;
			}
			state = this.kafka.prepareTopics();
		}
		for (TopicFinding finding : state.findings()) {
			LOG.atWarn().addKeyValue("topic", finding.topic()).log(finding.message());
		}
		this.bind.run();
		this.engine.bound();
		this.consuming = true;
		LOG.atInfo().log("Replication begins");
	}

	/**
	 * Whether the topics are being read.
	 */
	boolean isConsuming() {
		return this.consuming;
	}

	@Override
	public void stop() {
		this.stopped.countDown();
		Thread starting = this.starter;
		if (starting != null) {
			starting.interrupt();
		}
		this.assignments.drain(this.drainTimeout);
		this.starter = null;
		this.consuming = false;
	}

	@Override
	public boolean isRunning() {
		return this.starter != null;
	}

	/** Last to start, first to stop. */
	@Override
	public int getPhase() {
		return Integer.MAX_VALUE;
	}

}
