package dev.holdfast.app.guard;

import java.util.Locale;

import dev.holdfast.app.catalog.Catalog;
import dev.holdfast.app.catalog.Holds;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

import org.springframework.stereotype.Component;

/**
 * The metrics of the guard. The sum of {@code holdfast.deletes.observed} over what they
 * became is the number of deletes that were seen. An alert belongs on
 * {@code holdfast.holds}.
 */
@Component
final class GuardMetrics implements MeterBinder {

	private final ChangeGuard guard;

	private final Holds holds;

	GuardMetrics(ChangeGuard guard, Catalog catalog) {
		this.guard = guard;
		this.holds = catalog.holds();
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		for (Observed kind : Observed.values()) {
			FunctionCounter.builder("holdfast.deletes.observed", this.guard, (of) -> of.count(kind))
				.tag("became", kind.name().toLowerCase(Locale.ROOT).replace('_', '-'))
				.description("Deletes that were seen on volumes, by what became of them")
				.register(registry);
		}
		Gauge.builder("holdfast.holds", this.holds, (of) -> of.all().size())
			.description("Volumes whose changes wait for a person")
			.register(registry);
		Gauge.builder("holdfast.held", this.holds, (of) -> of.counts(null).deletes())
			.tag("change", "delete")
			.description("Changes that wait for a person")
			.register(registry);
		Gauge.builder("holdfast.held", this.holds, (of) -> of.counts(null).overwrites())
			.tag("change", "overwrite")
			.description("Changes that wait for a person")
			.register(registry);
	}

}
