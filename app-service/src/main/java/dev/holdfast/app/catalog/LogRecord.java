package dev.holdfast.app.catalog;

import org.jspecify.annotations.Nullable;

/**
 * A record as it was read from a topic.
 *
 * @param topic the topic
 * @param partition the partition
 * @param offset its place there
 * @param value its value, {@code null} for a tombstone
 */
@SuppressWarnings("ArrayRecordComponent")
public record LogRecord(String topic, int partition, long offset, byte @Nullable [] value) {

}
