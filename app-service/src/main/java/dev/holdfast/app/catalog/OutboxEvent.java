package dev.holdfast.app.catalog;

/**
 * An event that the log has not acknowledged yet.
 *
 * @param seq its place in the order in which events were recorded
 * @param key the record key
 * @param value the record value
 */
@SuppressWarnings("ArrayRecordComponent")
public record OutboxEvent(long seq, byte[] key, byte[] value) {

}
