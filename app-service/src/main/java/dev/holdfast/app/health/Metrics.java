package dev.holdfast.app.health;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.ToLongFunction;

import dev.holdfast.app.catalog.Catalog;
import dev.holdfast.app.catalog.Projected;
import dev.holdfast.app.catalog.Projection;
import dev.holdfast.app.catalog.Totals;
import dev.holdfast.app.kafka.KafkaLink;
import dev.holdfast.app.kafka.LinkState;
import dev.holdfast.app.scan.Scanned;
import dev.holdfast.app.scan.ScanRunner;
import dev.holdfast.app.volume.Volume;
import dev.holdfast.app.volume.Volumes;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.jspecify.annotations.Nullable;

import org.springframework.stereotype.Component;

/**
 * The metrics of app-service. They form equations, which hold whenever nothing is on its
 * way between two of the numbers:
 * <ul>
 * <li>{@code holdfast.files.known = } the sum of {@code holdfast.files} over its states,
 * and the same for {@code holdfast.bytes};
 * <li>{@code holdfast.outbox.inherited + holdfast.outbox.accepted =
 * holdfast.outbox.published + holdfast.outbox.waiting};
 * <li>{@code holdfast.projection.read = } the sum of {@code holdfast.projection.records}
 * over what they became;
 * <li>{@code holdfast.scan.seen = } the sum of {@code holdfast.scan.names} over all that
 * was found but {@code missing}, for each volume.
 * </ul>
 */
@Component
final class Metrics implements MeterBinder {

	private final Catalog catalog;

	private final Projection projection;

	private final ScanRunner scan;

	private final Volumes volumes;

	private final KafkaLink link;

	Metrics(Catalog catalog, Projection projection, ScanRunner scan, Volumes volumes, KafkaLink link) {
		this.catalog = catalog;
		this.projection = projection;
		this.scan = scan;
		this.volumes = volumes;
		this.link = link;
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		total(registry, "replicated", Totals::replicated);
		total(registry, "pending", Totals::pending);
		total(registry, "retrying", Totals::retrying);
		total(registry, "dead-lettered", Totals::deadLettered);
		gauge(registry, "holdfast.files.known", (totals) -> totals.known().files());
		gauge(registry, "holdfast.bytes.known", (totals) -> totals.known().bytes());
		gauge(registry, "holdfast.files.deleted", Totals::deleted);
		gauge(registry, "holdfast.files.missing", (totals) -> totals.missing().files());
		gauge(registry, "holdfast.files.damaged", (totals) -> totals.damaged().files());
		gauge(registry, "holdfast.records.malformed", Totals::malformed);
		gauge(registry, "holdfast.unreplicated.oldest.age.seconds", (totals) -> age(totals.oldestUnreplicated()));
		gauge(registry, "holdfast.outbox.waiting", Totals::outboxWaiting);
		gauge(registry, "holdfast.outbox.oldest.age.seconds", (totals) -> age(totals.outboxOldest()));
		Gauge.builder("holdfast.outbox.inherited", this.catalog, (it) -> it.outboxCounts().inherited())
			.register(registry);
		FunctionCounter.builder("holdfast.outbox.accepted", this.catalog, (it) -> it.outboxCounts().accepted())
			.register(registry);
		FunctionCounter.builder("holdfast.outbox.published", this.catalog, (it) -> it.outboxCounts().published())
			.register(registry);
		Gauge.builder("holdfast.kafka.up", this.link, (it) -> (it.state() instanceof LinkState.Up) ? 1 : 0)
			.register(registry);
		bindProjection(registry);
		bindScan(registry);
	}

	private void bindProjection(MeterRegistry registry) {
		FunctionCounter.builder("holdfast.projection.read", this.projection, Projection::read).register(registry);
		for (Projected kind : Projected.values()) {
			FunctionCounter.builder("holdfast.projection.records", this.projection, (it) -> it.count(kind))
				.tag("became", word(kind))
				.register(registry);
		}
	}

	private void bindScan(MeterRegistry registry) {
		for (Volume volume : this.volumes.all()) {
			Gauge.builder("holdfast.scan.seen", this.scan, (it) -> it.seen(volume.name()))
				.tag("volume", volume.name().value())
				.register(registry);
			for (Scanned kind : Scanned.values()) {
				Gauge.builder("holdfast.scan.names", this.scan, (it) -> it.count(volume.name(), kind))
					.tag("volume", volume.name().value())
					.tag("found", word(kind))
					.register(registry);
			}
		}
	}

	private void total(MeterRegistry registry, String state, Function<Totals, Totals.Count> count) {
		Gauge.builder("holdfast.files", this.catalog, (it) -> count.apply(it.totals()).files())
			.tag("state", state)
			.register(registry);
		Gauge.builder("holdfast.bytes", this.catalog, (it) -> count.apply(it.totals()).bytes())
			.baseUnit("bytes")
			.tag("state", state)
			.register(registry);
	}

	private void gauge(MeterRegistry registry, String name, ToLongFunction<Totals> number) {
		Gauge.builder(name, this.catalog, (it) -> number.applyAsLong(it.totals())).register(registry);
	}

	private static long age(@Nullable Instant moment) {
		return (moment == null) ? 0 : Math.max(0, Duration.between(moment, Instant.now()).toSeconds());
	}

	private static String word(Enum<?> constant) {
		return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

}
