/**
 * The link to Kafka: whether it can be reached, what its topics are like, and how clients
 * of it are set up.
 */
@NullMarked
package dev.holdfast.app.kafka;

import org.jspecify.annotations.NullMarked;
