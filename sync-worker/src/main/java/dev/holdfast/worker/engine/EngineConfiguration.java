package dev.holdfast.worker.engine;

import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;

import dev.holdfast.worker.deadletter.DeadLetters;
import dev.holdfast.worker.kafka.KafkaConnection;
import dev.holdfast.worker.kafka.KafkaPublisher;
import dev.holdfast.worker.ledger.LedgerEntries;
import dev.holdfast.worker.ledger.LedgerWriter;
import dev.holdfast.worker.replicate.DeleteProperties;
import dev.holdfast.worker.replicate.Replicator;
import dev.holdfast.worker.replicate.TrashPurge;
import dev.holdfast.worker.retry.InPlaceRetry;
import dev.holdfast.worker.retry.GateState;
import dev.holdfast.worker.retry.OutageGate;
import dev.holdfast.worker.retry.OutageProperties;
import dev.holdfast.worker.retry.RetryLane;
import dev.holdfast.worker.retry.RetryPlan;
import dev.holdfast.worker.retry.RetryProperties;
import dev.holdfast.worker.source.MediaSource;
import dev.holdfast.worker.store.ObjectStore;
import dev.holdfast.worker.store.StoreProperties;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

import org.springframework.cloud.stream.binding.BindingsLifecycleController;
import org.springframework.cloud.stream.binding.InputBindingLifecycle;
import org.springframework.cloud.stream.config.ListenerContainerCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.kafka.listener.AbstractMessageListenerContainer;
import org.springframework.kafka.listener.ContainerProperties;
import org.springframework.messaging.Message;

/**
 * Puts the engine together.
 */
@Configuration(proxyBeanMethods = false)
class EngineConfiguration {

	/** How much a delay of the retry lane may vary, in parts of it. */
	private static final double JITTER = 0.1;

	/** Before a broker is asked again that refused this worker. */
	private static final Duration AFTER_REFUSAL = Duration.ofSeconds(10);

	@Bean
	Replicator replicator(ObjectStore store, MediaSource source, StoreProperties storeProperties,
			ReplicationProperties properties, DeleteProperties deletes) {
		return new Replicator(store, source, storeProperties.objectKeys(), properties.largeThreshold().toBytes(),
				deletes);
	}

	@Bean
	LedgerWriter ledgerWriter(KafkaPublisher publisher) {
		return new LedgerWriter(publisher);
	}

	@Bean
	DeadLetters deadLetters(StoreProperties store, KafkaPublisher publisher) {
		return new DeadLetters(store.storeName(), publisher);
	}

	@Bean
	Settlement settlement(StoreProperties store, LedgerWriter ledger, RetryProperties retry, KafkaPublisher publisher,
			DeadLetters deadLetters, Clock clock) {
		RetryPlan plan = new RetryPlan(retry, (delay) -> delay
			.plusMillis((long) (delay.toMillis() * ThreadLocalRandom.current().nextDouble(-JITTER, JITTER))));
		return new Settlement(new LedgerEntries(store.storeName(), store.bucket(), clock), ledger, plan,
				new RetryLane(store.storeName(), publisher), deadLetters, clock);
	}

	@Bean
	Flow flow(BindingsLifecycleController bindings, ReplicationProperties properties, RetryProperties retry) {
		return new Flow((source, paused) -> switchBinding(bindings, source, paused), properties.maxInFlight(),
				retry.maxHeld());
	}

	private static void switchBinding(BindingsLifecycleController bindings, Flow.Source source, boolean paused) {
		String name = switch (source) {
			case EVENTS -> "replicate-in-0";
			case RETRIES -> "retry-in-0";
		};
		if (paused) {
			bindings.pause(name);
		}
		else {
			bindings.resume(name);
		}
	}

	@Bean
	Gates gates(ObjectStore store, MediaSource source, OutageProperties properties, Flow flow,
			ScheduledExecutorService timer, Clock clock) {
		OutageGate storeGate = new OutageGate("store", store::probe, false, properties, (state) -> {
			switch (state) {
				case DOWN -> flow.pauseAll(Flow.Reason.OUTAGE);
				case UP, TRYING -> flow.resumeAll(Flow.Reason.OUTAGE);
			}
		}, timer, clock);
		// The topic goes on for the files of other volumes, until too many wait at this
		// gate.
		return new Gates(storeGate,
				(volume) -> new OutageGate("volume " + volume, () -> source.probe(volume), true, properties, (_) -> {
				}, timer, clock));
	}

	@Bean
	EngineMetrics engineMetrics(MeterRegistry registry) {
		return new EngineMetrics(registry);
	}

	@Bean
	Engine engine(Replicator replicator, Settlement settlement, Gates gates, Flow flow, EngineMetrics metrics,
			ReplicationProperties properties, RetryProperties retry, ScheduledExecutorService timer, Clock clock) {
		return new Engine(new Engine.Parts(replicator, new InPlaceRetry(retry), settlement, gates, flow, metrics),
				(due) -> new Waitlist(due, timer, clock), properties);
	}

	@Bean
	Assignments assignments(Engine engine, ReplicationProperties properties) {
		return new Assignments(engine, properties);
	}

	@Bean
	Intake intake(Engine engine, Assignments assignments, StoreProperties store, DeadLetters deadLetters,
			EngineMetrics metrics, Clock clock) {
		return new Intake(engine, assignments, store.storeName(), deadLetters, metrics, clock);
	}

	/** Reads the events. Its name is that of the binding, {@code replicate-in-0}. */
	@Bean
	Consumer<Message<byte[]>> replicate(Intake intake) {
		return (message) -> RecordConverter.unwrap(message, intake);
	}

	/** Reads the retry lane. Its name is that of the binding, {@code retry-in-0}. */
	@Bean
	Consumer<Message<byte[]>> retry(Intake intake) {
		return (message) -> RecordConverter.unwrap(message, intake);
	}

	@Bean
	RecordConverter recordConverter() {
		return new RecordConverter();
	}

	@Bean
	Rebalance rebalance(Assignments assignments) {
		return new Rebalance(assignments);
	}

	@Bean
	Readers readers() {
		return new Readers();
	}

	@Bean
	ListenerContainerCustomizer<AbstractMessageListenerContainer<?, ?>> listenerContainers(Rebalance rebalance,
			Readers readers) {
		return (container, topic, _) -> {
			readers.add(topic, container);
			ContainerProperties properties = container.getContainerProperties();
			rebalance.alsoHearOfLoss(properties);
			// Otherwise a consumer that is refused once never reads again.
			properties.setAuthExceptionRetryInterval(AFTER_REFUSAL);
		};
	}

	@Bean
	EngineLifecycle engineLifecycle(Engine engine, Assignments assignments, KafkaConnection kafka,
			InputBindingLifecycle bindings, Gates gates, ReplicationProperties properties) {
		return new EngineLifecycle(engine, assignments, kafka, bindings::start, gates::checkStore,
				properties.drainTimeout());
	}

	@Bean
	EngineStatus engineStatus(Engine engine, Assignments assignments, Gates gates, Flow flow, EngineMetrics metrics,
			EngineLifecycle lifecycle, Readers readers, MeterRegistry registry) {
		EngineStatus status = new EngineStatus(engine, assignments, gates, flow, metrics, lifecycle, readers);
		Gauge.builder("holdfast.events.gap", status, EngineStatus::gap)
			.description("Records that a crash would bring again: in flight, or finished behind one that is")
			.register(registry);
		Gauge.builder("holdfast.retries.waiting", status, EngineStatus::waitingRetries)
			.description("Events in the retry lane that wait until they are due")
			.register(registry);
		Gauge.builder("holdfast.store.up", status, (of) -> (of.store().state() == GateState.DOWN) ? 0 : 1)
			.description("Whether the store is there")
			.register(registry);
		return status;
	}

	@Bean
	Housekeeping housekeeping(ObjectStore store, Gates gates, ScheduledExecutorService timer,
			StoreProperties storeProperties, DeleteProperties deletes, Clock clock) {
		Optional<TrashPurge> purge = deletes.usesTrash()
				? Optional.of(new TrashPurge(store, storeProperties.objectKeys(), deletes.grace(), clock))
				: Optional.empty();
		return new Housekeeping(store, purge, gates, timer);
	}

}
