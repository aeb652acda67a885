package dev.holdfast.worker.engine;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;

/**
 * Counts what the engine does. At any moment <pre>
 * holdfast.events.received = sum over outcomes of holdfast.events.done + holdfast.events.in.flight
 * </pre> and {@code holdfast.replicated.bytes} are those of
 * {@code done{outcome=replicated}}. Tests use the equation as their oracle.
 */
final class EngineMetrics {

	private final Counter received;

	private final Counter bytes;

	private final Timer replication;

	private final Map<Ending, Counter> done = new EnumMap<>(Ending.class);

	private final AtomicLong inFlight = new AtomicLong();

	EngineMetrics(MeterRegistry registry) {
		this.received = Counter.builder("holdfast.events.received")
			.description("Records received from the topics")
			.register(registry);
		this.bytes = Counter.builder("holdfast.replicated.bytes")
			.description("Bytes that the store accepted")
			.baseUnit("bytes")
			.register(registry);
		this.replication = Timer.builder("holdfast.replication")
			.description("From the record being received to its replica being in the ledger")
			.publishPercentileHistogram()
			.minimumExpectedValue(Duration.ofMillis(1))
			.maximumExpectedValue(Duration.ofMinutes(10))
			.register(registry);
		for (Ending ending : Ending.values()) {
			this.done.put(ending,
					Counter.builder("holdfast.events.done")
						.description("Records that have ended, by how")
						.tag("outcome", ending.name().toLowerCase(Locale.ROOT).replace('_', '-'))
						.register(registry));
		}
		Gauge.builder("holdfast.events.in.flight", this.inFlight, AtomicLong::doubleValue)
			.description(
					"Records received and not ended, those in the retry lane that wait until they are due included")
			.register(registry);
	}

	void received() {
		this.received.increment();
		this.inFlight.incrementAndGet();
	}

	void ended(Ending ending) {
		this.inFlight.decrementAndGet();
		Objects.requireNonNull(this.done.get(ending)).increment();
	}

	void replicated(long size, long nanos) {
		this.bytes.increment((double) size);
		this.replication.record(Duration.ofNanos(nanos));
	}

	long inFlight() {
		return this.inFlight.get();
	}

}
