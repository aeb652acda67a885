package dev.holdfast.app.guard;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.util.HashSet;
import java.util.Set;

import dev.holdfast.app.catalog.CatalogException;
import dev.holdfast.app.volume.VolumeNotAvailableException;
import dev.holdfast.model.MediaId;
import dev.holdfast.model.VolumeName;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Why approved changes of a volume cannot be recorded yet, told once for each reason and
 * once more when it is over: the same files meet the same reasons every few seconds.
 */
final class Hindrances {

	private static final Logger LOG = LoggerFactory.getLogger(Hindrances.class);

	/** Reasons that are remembered; more of them at once are told later. */
	private static final int MOST = 8;

	private final VolumeName volume;

	private final Set<String> told = new HashSet<>();

	private final Set<String> met = new HashSet<>();

	private boolean away;

	Hindrances(VolumeName volume) {
		this.volume = volume;
	}

	/**
	 * A change could not be recorded.
	 */
	synchronized void met(MediaId id, Exception problem) {
		String reason = reason(problem);
		LOG.atDebug().addKeyValue("media", id).addKeyValue("reason", reason).log("Approved, later");
		if (problem instanceof VolumeNotAvailableException) {
			// Told of the volume.
			this.away = true;
		}
		else if (this.told.contains(reason)) {
			this.met.add(reason);
		}
		else if (this.told.size() < MOST) {
			this.told.add(reason);
			this.met.add(reason);
			LOG.atWarn()
				.addKeyValue("volume", this.volume)
				.addKeyValue("reason", reason)
				.addKeyValue("media", id)
				.log("An approved change cannot be recorded yet, and maybe others for the same reason: tried again until it can");
		}
	}

	/**
	 * All that is approved was tried, or nothing is any more.
	 */
	synchronized void tried() {
		if (!this.away) {
			for (String reason : this.told) {
				if (!this.met.contains(reason)) {
					LOG.atInfo()
						.addKeyValue("volume", this.volume)
						.addKeyValue("reason", reason)
						.log("No approved change is kept from being recorded for this reason any more");
				}
			}
			this.told.retainAll(this.met);
		}
		this.met.clear();
		this.away = false;
	}

	/**
	 * The same for all files that it keeps.
	 */
	private static String reason(Exception problem) {
		return switch (problem) {
			case AccessDeniedException _ -> "Holdfast's user has no permission to read it";
			case FileSystemException ex when ex.getReason() != null -> ex.getReason();
			case FileSystemException ex -> ex.getClass().getSimpleName();
			case IOException ex -> String.valueOf(ex.getMessage());
			case CatalogException ex -> String.valueOf(ex.getMessage());
			default -> problem.toString();
		};
	}

}
