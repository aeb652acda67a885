package dev.holdfast.app.scan;

import dev.holdfast.model.VolumeName;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells once that looking for the scans of a volume fails, and once that it does no more.
 */
final class Trouble {

	private static final Logger LOG = LoggerFactory.getLogger(Trouble.class);

	private final VolumeName volume;

	private @Nullable String present;

	Trouble(VolumeName volume) {
		this.volume = volume;
	}

	void met(RuntimeException failure) {
		String before = this.present;
		this.present = failure.toString();
		if (!failure.toString().equals(before)) {
			LOG.atError()
				.setCause(failure)
				.addKeyValue("volume", this.volume)
				.log("Looking for scans to do failed; it is tried again and again: report this");
		}
	}

	void ended() {
		if (this.present != null) {
			this.present = null;
			LOG.atInfo().addKeyValue("volume", this.volume).log("Scans go on");
		}
	}

}
