/**
 * Speaking to Kafka: records that must arrive, and starting without a broker.
 */
@NullMarked
package dev.holdfast.worker.kafka;

import org.jspecify.annotations.NullMarked;
