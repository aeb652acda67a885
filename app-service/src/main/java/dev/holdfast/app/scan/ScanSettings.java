package dev.holdfast.app.scan;

import java.time.Duration;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * How volumes are compared with the catalog.
 *
 * @param onStart whether to do it after each start
 * @param settle for how long a file must have been still before it is read, where the
 * system does not tell who has it open
 * @param settleClosed for how long a file must have been still that no program has open
 * for writing
 * @param interval how often to do it by itself; each time is drawn from nine to eleven
 * tenths of it, and 0 switches it off
 * @param share how many percent of the time a thread that reads files may be busy; it
 * rests for the others, so that the app beside does not suffer
 * @param readers how many threads read files, on each volume; 0 for one per core, at
 * least two
 * @param maxFilesPerSecond how many files may be read in a second, 0 for no limit
 * @param maxBytesPerSecond how much may be read in a second, 0 for no limit
 */
@ConfigurationProperties("holdfast.scan")
public record ScanSettings(@DefaultValue("true") boolean onStart, @DefaultValue("2s") Duration settle,
		@DefaultValue("200ms") Duration settleClosed, @DefaultValue("6h") Duration interval,
		@DefaultValue("50") int share, @DefaultValue("0") int readers, @DefaultValue("0") long maxFilesPerSecond,
		@DefaultValue("0B") DataSize maxBytesPerSecond) {

	/**
	 * Checks the parts that types do not.
	 * @throws IllegalArgumentException where one is out of range
	 */
	public ScanSettings {
		if (settle.isNegative() || settleClosed.isNegative() || interval.isNegative()) {
			throw new IllegalArgumentException("holdfast.scan.settle is " + settle + ", settle-closed is "
					+ settleClosed + " and interval is " + interval + ": give 0s or more");
		}
		if (share < 1 || share > 100) {
			throw new IllegalArgumentException("holdfast.scan.share is " + share + ": give 1 to 100 percent");
		}
		if (readers < 0 || maxFilesPerSecond < 0 || maxBytesPerSecond.isNegative()) {
			throw new IllegalArgumentException("holdfast.scan.readers is " + readers + ", max-files-per-second is "
					+ maxFilesPerSecond + " and max-bytes-per-second is " + maxBytesPerSecond + ": give 0 or more");
		}
		if (settleClosed.compareTo(settle) > 0) {
			settleClosed = settle;
		}
		if (readers == 0) {
			readers = Math.max(2, Runtime.getRuntime().availableProcessors());
		}
	}

	/**
	 * Settings that read a file as soon as it has been still for so long, and never by
	 * themselves. For tests and for what has no settings.
	 */
	public static ScanSettings settling(Duration settle) {
		return new ScanSettings(true, settle, Duration.ZERO, Duration.ZERO, 100, 0, 0, DataSize.ofBytes(0));
	}

}
