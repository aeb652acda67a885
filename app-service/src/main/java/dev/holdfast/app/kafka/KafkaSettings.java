package dev.holdfast.app.kafka;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What Holdfast asks of Kafka beyond Boot's own settings.
 *
 * @param replicationFactor of the topics that are created, -1 for the broker's default
 */
@ConfigurationProperties("holdfast.kafka")
record KafkaSettings(@DefaultValue("-1") int replicationFactor) {

}
