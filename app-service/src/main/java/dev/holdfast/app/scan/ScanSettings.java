package dev.holdfast.app.scan;

import java.time.Duration;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How volumes are compared with the catalog.
 *
 * @param onStart whether to do it after each start
 * @param settle for how long a file must have been still before it is read, where the
 * system does not tell who has it open
 * @param settleClosed for how long a file must have been still that no program has open
 * for writing
 */
@ConfigurationProperties("holdfast.scan")
public record ScanSettings(@DefaultValue("true") boolean onStart, @DefaultValue("2s") Duration settle,
		@DefaultValue("200ms") Duration settleClosed) {

	/**
	 * Checks the durations.
	 * @throws IllegalArgumentException where one is negative
	 */
	public ScanSettings {
		if (settle.isNegative() || settleClosed.isNegative()) {
			throw new IllegalArgumentException("holdfast.scan.settle is " + settle
					+ " and holdfast.scan.settle-closed is " + settleClosed + ": give 0s or more");
		}
		if (settleClosed.compareTo(settle) > 0) {
			settleClosed = settle;
		}
	}

}
