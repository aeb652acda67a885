package dev.holdfast.app.watch;

import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Semaphore;

import dev.holdfast.app.catalog.Catalog;
import dev.holdfast.app.catalog.Projection;
import dev.holdfast.app.guard.ChangeGuard;
import dev.holdfast.app.kafka.KafkaLink;
import dev.holdfast.app.kafka.LinkState;
import dev.holdfast.app.scan.FileCheck;
import dev.holdfast.app.scan.ScanCause;
import dev.holdfast.app.scan.ScanSettings;
import dev.holdfast.app.scan.Scans;
import dev.holdfast.app.volume.Volume;
import dev.holdfast.app.volume.Volumes;
import dev.holdfast.model.VolumeName;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Has the volumes watched.
 */
@Configuration(proxyBeanMethods = false)
class WatchConfiguration {

	@Bean(initMethod = "start")
	Watchers watchers(Volumes volumes, Catalog catalog, FileCheck check, ChangeGuard guard, Scans scans,
			WatchSettings settings, ScanSettings scanSettings, Projection projection, KafkaLink link, WatchGate gate,
			WatchedWriters writers) {
		Map<VolumeName, VolumeWatcher> watchers = new HashMap<>();
		if (settings.mode() != WatchSettings.Mode.OFF) {
			for (Volume volume : volumes.all()) {
				VolumeWatcher watcher = watcher(volume, catalog, check, guard, scans, settings, scanSettings,
						new WhenReady(projection, link, scanSettings.onStart(), () -> gate.open(volume.name())));
				writers.ask(volume.name(), watcher::isLeftToItsWriter);
				watchers.put(volume.name(), watcher);
			}
		}
		else {
			volumes.all().forEach((volume) -> gate.open(volume.name()));
		}
		return new Watchers(watchers);
	}

	static VolumeWatcher watcher(Volume volume, Catalog catalog, FileCheck check, ChangeGuard guard, Scans scans,
			WatchSettings settings, ScanSettings scanSettings, WatchHooks hooks) {
		Clock clock = Clock.systemUTC();
		WatchCounts counts = new WatchCounts();
		Settling settling = new Settling(scanSettings.settleClosed(), settings.maxPending(), clock, System::nanoTime);
		Gaps gaps = new Gaps(volume.name(), (subtree) -> scans.request(volume.name(), subtree, ScanCause.GAP),
				catalog.watchJournal(), counts, settling::hasRoom, hooks::letScansBegin, clock);
		FileWork work = new FileWork(volume, new NewNames(catalog, volume), check, guard, settling, counts,
				settings.stuckAfter());
		return new VolumeWatcher(volume, settings, settling, work, gaps, catalog.watchJournal(), counts,
				() -> scans.request(volume.name(), "", ScanCause.POLL), hooks, clock);
	}

	/**
	 * With Kafka away, a catalog that has read the topics before is good enough; a new
	 * one would take every file for unknown.
	 */
	private static final class WhenReady implements WatchHooks {

		private final Projection projection;

		private final KafkaLink link;

		private final boolean scansAtStart;

		private final Runnable begin;

		private final Semaphore signals = new Semaphore(0);

		private WhenReady(Projection projection, KafkaLink link, boolean scansAtStart, Runnable begin) {
			this.projection = projection;
			this.link = link;
			this.scansAtStart = scansAtStart;
			this.begin = begin;
			link.onChange(this.signals::release);
			projection.caughtUp().thenRun(this.signals::release);
		}

		@Override
		public void awaitReady() throws InterruptedException {
			while (!this.projection.isCaughtUp()
					&& !(this.link.state() instanceof LinkState.Down && this.projection.hasHistory())) {
				this.signals.acquire();
			}
		}

		@Override
		public void letScansBegin() {
			this.begin.run();
		}

		@Override
		public boolean scansAtStart() {
			return this.scansAtStart;
		}

	}

}
