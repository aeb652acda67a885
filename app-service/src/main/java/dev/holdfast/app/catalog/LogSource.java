package dev.holdfast.app.catalog;

/**
 * Which topic offsets are about. A topic that is made anew has another id, and a broker
 * that lost its data has another cluster id.
 *
 * @param topic the topic's name
 * @param topicId the topic's id
 * @param clusterId the cluster's id
 */
public record LogSource(String topic, String topicId, String clusterId) {

}
