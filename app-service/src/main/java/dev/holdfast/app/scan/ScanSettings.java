package dev.holdfast.app.scan;

import java.time.Duration;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How volumes are compared with the catalog.
 *
 * @param onStart whether to do it after each start
 * @param settle for how long a file must have been still before it is read
 */
@ConfigurationProperties("holdfast.scan")
public record ScanSettings(@DefaultValue("true") boolean onStart, @DefaultValue("2s") Duration settle) {

	/**
	 * Checks the duration.
	 * @throws IllegalArgumentException where it is negative
	 */
	public ScanSettings {
		if (settle.isNegative()) {
			throw new IllegalArgumentException("holdfast.scan.settle is " + settle + ": give 0s or more");
		}
	}

}
