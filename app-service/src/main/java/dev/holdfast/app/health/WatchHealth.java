package dev.holdfast.app.health;

import java.util.Locale;
import java.util.function.ToDoubleFunction;

import dev.holdfast.app.scan.Scanned;
import dev.holdfast.app.watch.WatchStatus;
import dev.holdfast.app.watch.Watchers;
import dev.holdfast.model.VolumeName;
import dev.holdfast.model.WatchGap;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * How well the volumes are watched, as health and as metrics.
 */
@Configuration(proxyBeanMethods = false)
class WatchHealth {

	/**
	 * Polling finds every file, only later: that is well. A volume that is not watched as
	 * it should be is told with the reason.
	 */
	@Bean
	HealthIndicator watchHealthIndicator(Watchers watchers) {
		return () -> {
			Health.Builder health = Health.up();
			for (VolumeName volume : watchers.volumes()) {
				WatchStatus status = watchers.status(volume);
				String reason = status.reason();
				if (reason != null && !status.mode().equals("polling")) {
					health.status(HealthConfiguration.DEGRADED);
				}
				health.withDetail(volume.value(), (reason == null) ? status.mode() : status.mode() + ": " + reason);
			}
			return health.build();
		};
	}

	@Bean
	MeterBinder watchMetrics(Watchers watchers) {
		return (registry) -> watchers.volumes().forEach((volume) -> bind(registry, watchers, volume));
	}

	private static void bind(MeterRegistry registry, Watchers watchers, VolumeName volume) {
		counter(registry, "holdfast.watch.events", watchers, volume, (it) -> it.events(volume));
		counter(registry, "holdfast.watch.overflows", watchers, volume, (it) -> it.overflows(volume));
		gauge(registry, "holdfast.watch.directories", watchers, volume, (it) -> it.status(volume).watches());
		gauge(registry, "holdfast.watch.settling", watchers, volume, (it) -> it.status(volume).settling());
		gauge(registry, "holdfast.watch.refused", watchers, volume, (it) -> it.status(volume).refusedNames());
		counter(registry, "holdfast.watch.by.time.alone", watchers, volume, (it) -> it.status(volume).byTimeAlone());
		for (WatchGap.Reason reason : WatchGap.Reason.values()) {
			FunctionCounter.builder("holdfast.watch.gaps", watchers, (it) -> it.gaps(volume, reason))
				.tag("volume", volume.value())
				.tag("reason", word(reason))
				.register(registry);
		}
		for (Scanned kind : Scanned.values()) {
			FunctionCounter.builder("holdfast.watch.settled", watchers, (it) -> it.settled(volume, kind))
				.tag("volume", volume.value())
				.tag("found", word(kind))
				.register(registry);
		}
	}

	private static void counter(MeterRegistry registry, String name, Watchers watchers, VolumeName volume,
			ToDoubleFunction<Watchers> number) {
		FunctionCounter.builder(name, watchers, number).tag("volume", volume.value()).register(registry);
	}

	private static void gauge(MeterRegistry registry, String name, Watchers watchers, VolumeName volume,
			ToDoubleFunction<Watchers> number) {
		Gauge.builder(name, watchers, number).tag("volume", volume.value()).register(registry);
	}

	private static String word(Enum<?> constant) {
		return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

}
