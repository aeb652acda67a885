package dev.holdfast.app.guard;

import java.time.Clock;
import java.util.List;
import java.util.Optional;

import dev.holdfast.app.catalog.Catalog;
import dev.holdfast.app.profile.ProfileRoot;
import dev.holdfast.app.profile.VolumeProfiles;
import dev.holdfast.app.volume.FileLocks;
import dev.holdfast.app.volume.Volume;
import dev.holdfast.app.volume.Volumes;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Puts the guard together.
 */
@Configuration(proxyBeanMethods = false)
class GuardConfiguration {

	@Bean
	ChangeGuard changeGuard(Catalog catalog, FileLocks locks, GuardSettings settings, Volumes volumes,
			VolumeProfiles profiles) {
		GuardSettings all = settings;
		for (Volume volume : volumes.all()) {
			Optional<ProfileRoot> profile = profiles.find(volume.name());
			if (profile.isPresent()) {
				all = all.withProfile(volume.name(), profile.get().guard());
			}
		}
		return new ChangeGuard(catalog, locks, all, Clock.systemUTC());
	}

	@Bean(initMethod = "start")
	Approvals approvals(Catalog catalog, Volumes volumes, FileLocks locks, Recheck recheck) {
		return new Approvals(catalog, List.copyOf(volumes.all()), locks, recheck);
	}

	@Bean
	HoldDesk holdDesk(Catalog catalog, Volumes volumes, ChangeGuard guard, Approvals approvals) {
		return new HoldDesk(catalog, volumes, guard, approvals);
	}

}
