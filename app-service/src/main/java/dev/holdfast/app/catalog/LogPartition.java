package dev.holdfast.app.catalog;

/**
 * A partition of a topic.
 *
 * @param topic the topic
 * @param partition its number
 */
public record LogPartition(String topic, int partition) {

}
