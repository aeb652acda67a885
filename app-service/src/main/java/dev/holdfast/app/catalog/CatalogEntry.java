package dev.holdfast.app.catalog;

import dev.holdfast.model.MediaEvent;
import org.jspecify.annotations.Nullable;

/**
 * The latest that is known of a media file.
 *
 * @param event the latest event of it: stored or deleted
 * @param stamp what the file system said when it was stored by this app-service,
 * {@code null} where that is not known
 */
public record CatalogEntry(MediaEvent.OfFile event, @Nullable FileStamp stamp) {

}
