package dev.holdfast.app.catalog;

import java.time.Instant;

import dev.holdfast.model.Digest;
import dev.holdfast.model.MediaEvent;
import org.jspecify.annotations.Nullable;

/**
 * The latest that is known of a media file.
 *
 * @param event the latest event of it: stored or deleted
 * @param stamp what the file system said when it was stored by this app-service,
 * {@code null} where that is not known
 * @param missing when a scan first found it absent, {@code null} where it is there as far
 * as is known
 * @param damaged the digest of the other bytes that a scan found in it, {@code null}
 * where it has the recorded ones as far as is known
 */
public record CatalogEntry(MediaEvent.OfFile event, @Nullable FileStamp stamp, @Nullable Instant missing,
		@Nullable Digest damaged) {

	/**
	 * An entry that no scan has found fault with.
	 */
	public CatalogEntry(MediaEvent.OfFile event, @Nullable FileStamp stamp) {
		this(event, stamp, null, null);
	}

}
