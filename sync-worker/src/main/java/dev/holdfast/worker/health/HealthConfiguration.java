package dev.holdfast.worker.health;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;

import dev.holdfast.kafka.TopicFinding;
import dev.holdfast.model.VolumeName;
import dev.holdfast.worker.engine.EngineStatus;
import dev.holdfast.worker.kafka.KafkaConnection;
import dev.holdfast.worker.retry.GateState;
import dev.holdfast.worker.retry.GateStatus;
import dev.holdfast.worker.source.MediaSource;
import dev.holdfast.worker.source.SourceException;
import dev.holdfast.worker.source.SourceProperties;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * The health of each thing that the worker needs, with the reason where it is not well.
 */
@Configuration(proxyBeanMethods = false)
class HealthConfiguration {

	private static final String REASON = "reason";

	/** How long no work may have asked the store before a health check does. */
	private static final Duration FRESH = Duration.ofSeconds(10);

	@Bean
	HealthIndicator kafkaHealthIndicator(KafkaConnection kafka, EngineStatus engine) {
		return () -> {
			KafkaConnection.State state = kafka.state();
			// A worker that reads nothing makes no progress, however well the broker is.
			String reason = state.up() ? engine.idleReason() : state.reason();
			Health.Builder health = (state.up() && reason.isEmpty()) ? Health.up()
					: Health.down().withDetail(REASON, reason);
			return health.withDetail("consuming", engine.isConsuming()).build();
		};
	}

	@Bean
	HealthIndicator topicsHealthIndicator(KafkaConnection kafka) {
		return () -> {
			KafkaConnection.State state = kafka.state();
			Health.Builder health = state.findings().stream().anyMatch(HealthConfiguration::isMissing) ? Health.down()
					: state.up() ? Health.up() : Health.unknown();
			return state.findings().isEmpty() ? health.build()
					: health.withDetail("findings", state.findings().stream().map(TopicFinding::message).toList())
						.build();
		};
	}

	private static boolean isMissing(TopicFinding finding) {
		return finding.kind() == TopicFinding.Kind.MISSING;
	}

	/**
	 * Tells what is known, and has the store asked behind its back: a health check must
	 * not take as long as a connection that times out.
	 */
	@Bean
	HealthIndicator storeHealthIndicator(EngineStatus engine, Clock clock) {
		AtomicReference<Instant> asked = new AtomicReference<>(clock.instant());
		return () -> {
			Instant before = asked.get();
			Instant now = clock.instant();
			if (before.plus(FRESH).isBefore(now) && asked.compareAndSet(before, now)) {
				Thread.ofVirtual().name("store-check").start(engine::checkStore);
			}
			GateStatus status = engine.store();
			Health.Builder health = (status.state() == GateState.DOWN)
					? Health.down().withDetail(REASON, status.reason()) : Health.up();
			return health.withDetail("since", status.since()).build();
		};
	}

	@Bean
	HealthIndicator volumesHealthIndicator(MediaSource source, SourceProperties properties, EngineStatus engine) {
		Map<VolumeName, Path> mounted = properties.mounted();
		return () -> {
			Health.Builder health = Health.up();
			TreeSet<VolumeName> names = new TreeSet<>(mounted.keySet());
			names.addAll(engine.volumes().keySet());
			for (VolumeName name : names) {
				try {
					source.probe(name);
					health.withDetail(name.value(), "up");
				}
				catch (SourceException ex) {
					health.down().withDetail(name.value(), String.valueOf(ex.getMessage()));
				}
				catch (InterruptedException ex) {
					Thread.currentThread().interrupt();
				}
			}
			return health.build();
		};
	}

}
