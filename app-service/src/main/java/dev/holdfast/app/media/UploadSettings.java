package dev.holdfast.app.media;

import java.time.Duration;

import dev.holdfast.app.StartupException;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * What an upload may be.
 *
 * @param maxSize the largest file
 * @param maxFiles the most files in one multipart upload
 * @param maxWait the longest that {@code Prefer: wait} is heeded
 */
@ConfigurationProperties("holdfast.upload")
record UploadSettings(@DefaultValue("5GB") DataSize maxSize, @DefaultValue("1000") int maxFiles,
		@DefaultValue("60s") Duration maxWait) {

	UploadSettings {
		require(maxSize.toBytes() > 0, "max-size", maxSize);
		require(maxFiles > 0, "max-files", maxFiles);
		require(!maxWait.isNegative(), "max-wait", maxWait);
	}

	private static void require(boolean fine, String name, Object value) {
		if (!fine) {
			throw new StartupException("holdfast.upload." + name + " is " + value, "Set it to more than nothing.");
		}
	}

}
