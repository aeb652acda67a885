package dev.holdfast.app.status;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

import dev.holdfast.app.catalog.Catalog;
import dev.holdfast.app.catalog.Projection;
import dev.holdfast.app.catalog.Totals;
import dev.holdfast.app.guard.HoldDesk;
import dev.holdfast.app.kafka.KafkaLink;
import dev.holdfast.app.kafka.LinkState;
import dev.holdfast.app.outbox.OutboxRelay;
import dev.holdfast.app.scan.ScanJson;
import dev.holdfast.app.scan.ScanRunner;
import dev.holdfast.app.scan.ScanView;
import dev.holdfast.app.scan.Scanned;
import dev.holdfast.app.volume.Volume;
import dev.holdfast.app.volume.VolumeState;
import dev.holdfast.app.volume.Volumes;
import dev.holdfast.app.watch.Watchers;
import dev.holdfast.kafka.TopicFinding;
import org.jspecify.annotations.Nullable;

/**
 * Puts the state of everything together.
 */
final class StatusReporter {

	private static final int MALFORMED_SHOWN = 10;

	private final Catalog catalog;

	private final KafkaLink link;

	private final OutboxRelay relay;

	private final Projection projection;

	private final ScanRunner scan;

	private final Volumes volumes;

	private final Watchers watchers;

	private final HoldDesk holds;

	private final StoreStates stores;

	private final Clock clock;

	StatusReporter(Catalog catalog, KafkaLink link, OutboxRelay relay, Projection projection, ScanRunner scan,
			Volumes volumes, Watchers watchers, HoldDesk holds, StoreStates stores, Clock clock) {
		this.catalog = catalog;
		this.link = link;
		this.relay = relay;
		this.projection = projection;
		this.scan = scan;
		this.volumes = volumes;
		this.watchers = watchers;
		this.holds = holds;
		this.stores = stores;
		this.clock = clock;
	}

	/**
	 * The state of everything.
	 */
	StatusView report() {
		return report(this.catalog.totals(), List.copyOf(this.volumes.all()));
	}

	/**
	 * The state of one volume and its files, and of what all volumes need.
	 */
	StatusView report(Volume only) {
		return report(this.catalog.totals(only.name()), List.of(only));
	}

	private StatusView report(Totals totals, List<Volume> shown) {
		LinkState kafka = this.link.state();
		return new StatusView(StatusView.Sums.files(totals), StatusView.Sums.bytes(totals), totals.deleted(),
				totals.missing().files(), totals.damaged().files(), age(totals.oldestUnreplicated()),
				new StatusView.Outbox(totals.outboxWaiting(), age(totals.outboxOldest()), outboxTrouble()),
				kafka(kafka), this.stores.current(), shown.stream().map(this::volume).toList(), findings(kafka),
				new StatusView.Projected(this.projection.isCaughtUp(), this.projection.trouble(), totals.malformed(),
						this.catalog.malformed(MALFORMED_SHOWN)));
	}

	private @Nullable String outboxTrouble() {
		String trouble = this.relay.trouble();
		if (trouble == null && this.relay.refused() > 0) {
			return this.relay.refused() + " events are refused by Kafka for good: see the log for what to change";
		}
		return trouble;
	}

	private @Nullable Long age(@Nullable Instant moment) {
		return (moment == null) ? null : Math.max(0, Duration.between(moment, this.clock.instant()).toSeconds());
	}

	private static StatusView.Part kafka(LinkState state) {
		return switch (state) {
			case LinkState.Up _ -> new StatusView.Part("up", null);
			case LinkState.Down down -> new StatusView.Part("down", down.reason());
			case LinkState.Connecting _ -> new StatusView.Part("down", "No answer yet since the start");
		};
	}

	private static List<TopicFinding> findings(LinkState state) {
		return (state instanceof LinkState.Up up) ? up.findings() : List.of();
	}

	private StatusView.VolumeView volume(Volume volume) {
		Map<String, Long> found = new TreeMap<>();
		for (Scanned kind : Scanned.values()) {
			found.put(kind.name().toLowerCase(Locale.ROOT).replace('_', '-'), this.scan.count(volume.name(), kind));
		}
		ScanView whole = this.scan.whole(volume.name());
		StatusView.Scan scanned = new StatusView.Scan(
				this.scan.state(volume.name()).name().toLowerCase(Locale.ROOT).replace('_', '-'),
				this.scan.seen(volume.name()), found, (whole == null) ? null : ScanJson.of(whole));
		StatusView.Held held = StatusView.Held.of(this.holds.of(volume.name()).orElse(null));
		return switch (volume.state()) {
			case VolumeState.Available _ -> new StatusView.VolumeView(volume.name().value(), volume.root().toString(),
					"available", null, scanned, this.watchers.status(volume.name()), held);
			case VolumeState.NotAvailable(String reason) ->
				new StatusView.VolumeView(volume.name().value(), volume.root().toString(), "not-available", reason,
						scanned, this.watchers.status(volume.name()), held);
		};
	}

}
