package dev.holdfast.app.guard;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

import dev.holdfast.app.profile.ProfileRoot;
import dev.holdfast.model.VolumeName;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How much others may change on a volume before a person is asked. What is asked for
 * through the API is not counted.
 *
 * @param window the time within which changes are counted together, where neither the
 * settings of a volume nor its profile give another
 * @param deleteDelay how long a delete is looked at before it is recorded, so that of a
 * burst not even the first ones are
 * @param deleteCount how many files may be deleted within it
 * @param deletePercent how many of a hundred files may be deleted within it, where that
 * is more
 * @param changeCount how many files may be overwritten or deleted within it
 * @param changePercent how many of a hundred files may be overwritten or deleted within
 * it, where that is more
 * @param volumes other limits for a volume, by its name: {@code delete-count},
 * {@code delete-percent}, {@code change-count}, {@code change-percent}, and
 * {@code window}
 */
@ConfigurationProperties("holdfast.guard")
public record GuardSettings(@DefaultValue("10m") Duration window, @DefaultValue("3s") Duration deleteDelay,
		@DefaultValue("20") int deleteCount, @DefaultValue("5") int deletePercent, @DefaultValue("100") int changeCount,
		@DefaultValue("10") int changePercent, @DefaultValue Map<String, OfVolume> volumes) {

	/**
	 * Checks the ranges.
	 * @throws IllegalArgumentException where one makes no sense
	 */
	public GuardSettings {
		if (!window.isPositive()) {
			throw new IllegalArgumentException("holdfast.guard.window is " + window + ": give more than 0s");
		}
		if (deleteDelay.isNegative() || deleteDelay.compareTo(window) > 0) {
			throw new IllegalArgumentException(
					"holdfast.guard.delete-delay is " + deleteDelay + ": give from 0s to holdfast.guard.window");
		}
		volumes = Map.copyOf(volumes);
		Limits all = new Limits(deleteCount, deletePercent, changeCount, changePercent);
		volumes.forEach((name, own) -> {
			new VolumeName(name);
			own.over(all);
		});
	}

	/**
	 * Limits of one volume; what is not given is as for all.
	 *
	 * @param deleteCount how many files may be deleted
	 * @param deletePercent how many of a hundred files may be deleted
	 * @param changeCount how many files may be overwritten or deleted
	 * @param changePercent how many of a hundred files may be overwritten or deleted
	 * @param window the time within which they are counted together
	 */
	public record OfVolume(@Nullable Integer deleteCount, @Nullable Integer deletePercent,
			@Nullable Integer changeCount, @Nullable Integer changePercent, @Nullable Duration window) {

		/**
		 * Checks the window; the limits are checked with those for all.
		 * @throws IllegalArgumentException where it makes no sense
		 */
		public OfVolume {
			if (window != null && !window.isPositive()) {
				throw new IllegalArgumentException(
						"holdfast.guard.volumes: a window is " + window + ": give more than 0s");
			}
		}

		private Limits over(Limits all) {
			return new Limits(or(this.deleteCount, all.deleteCount()), or(this.deletePercent, all.deletePercent()),
					or(this.changeCount, all.changeCount()), or(this.changePercent, all.changePercent()));
		}

		private static <T> T or(@Nullable T given, T otherwise) {
			return (given != null) ? given : otherwise;
		}

	}

	/**
	 * These, with the limits of a volume's profile where no setting of the volume says
	 * otherwise. Where a profile gives deletes and overwrites times of their own, both
	 * are counted within the longer one: rather too much waits for a person.
	 */
	GuardSettings withProfile(VolumeName volume, ProfileRoot.Guard profile) {
		Duration deletes = profile.deletes().within();
		Duration overwrites = profile.overwrites().within();
		OfVolume own = this.volumes.getOrDefault(volume.value(), new OfVolume(null, null, null, null, null));
		Map<String, OfVolume> all = new HashMap<>(this.volumes);
		all.put(volume.value(),
				new OfVolume(OfVolume.or(own.deleteCount(), profile.deletes().files()),
						OfVolume.or(own.deletePercent(), percent(profile.deletes())),
						OfVolume.or(own.changeCount(), profile.overwrites().files()),
						OfVolume.or(own.changePercent(), percent(profile.overwrites())),
						OfVolume.or(own.window(), (deletes.compareTo(overwrites) > 0) ? deletes : overwrites)));
		return new GuardSettings(this.window, this.deleteDelay, this.deleteCount, this.deletePercent, this.changeCount,
				this.changePercent, all);
	}

	private static int percent(ProfileRoot.Limit limit) {
		return (int) Math.round(limit.share() * 100);
	}

	/** The time within which changes of a volume are counted together. */
	Duration windowOf(VolumeName volume) {
		OfVolume own = this.volumes.get(volume.value());
		return (own == null) ? this.window : OfVolume.or(own.window(), this.window);
	}

	/** The limits of a volume. */
	Limits of(VolumeName volume) {
		Limits all = new Limits(this.deleteCount, this.deletePercent, this.changeCount, this.changePercent);
		OfVolume own = this.volumes.get(volume.value());
		return (own == null) ? all : own.over(all);
	}

}
