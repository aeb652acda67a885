package dev.holdfast.app.scan;

import java.time.Clock;

import dev.holdfast.app.catalog.Catalog;
import dev.holdfast.app.catalog.Projection;
import dev.holdfast.app.guard.ChangeGuard;
import dev.holdfast.app.guard.Recheck;
import dev.holdfast.app.kafka.KafkaLink;
import dev.holdfast.app.kafka.LinkState;
import dev.holdfast.app.volume.FileLocks;
import dev.holdfast.app.volume.Volumes;
import dev.holdfast.model.Origin;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Has the volumes scanned.
 */
@Configuration(proxyBeanMethods = false)
class ScanConfiguration {

	@Bean
	FileCheck fileCheck(Catalog catalog, FileLocks locks, ScanSettings settings, WriterProbe probe, ChangeGuard guard) {
		return new FileCheck(catalog, locks, Clock.systemUTC(), settings, probe, guard::admitOverwrite);
	}

	/**
	 * For overwrites that were approved.
	 */
	@Bean
	Recheck recheck(FileCheck check) {
		return (volume, id) -> check.check(volume, id, Origin.SCAN) != Scanned.BEING_WRITTEN;
	}

	@Bean(initMethod = "start")
	ScanRunner scans(Catalog catalog, Volumes volumes, FileCheck check, ScanSettings settings, Projection projection,
			KafkaLink link, StartGate gate, UnclosedFiles unclosed) {
		ScanRunner scans = new ScanRunner(catalog, volumes.all(), check, settings, () -> isReady(projection, link),
				gate, unclosed);
		link.onChange(scans::wake);
		projection.caughtUp().thenRun(scans::wake);
		return scans;
	}

	/**
	 * With Kafka away, a catalog that has read the topics before is good enough; a new
	 * one would take every file for unknown.
	 */
	private static boolean isReady(Projection projection, KafkaLink link) {
		return projection.isCaughtUp() || (link.state() instanceof LinkState.Down && projection.hasHistory());
	}

}
