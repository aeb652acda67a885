package dev.holdfast.app.catalog;

import java.time.Instant;

/**
 * A record on a topic that could not be understood.
 *
 * @param topic the topic
 * @param partition the partition
 * @param offset its place there
 * @param reason what is wrong with it
 * @param at when it was read
 */
public record MalformedRecord(String topic, int partition, long offset, String reason, Instant at) {

}
