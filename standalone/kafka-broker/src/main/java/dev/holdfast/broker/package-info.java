/**
 * A real single-node Kafka broker in the JVM, with its data on disk. All use of Kafka's
 * server-side classes, which are no public API, is in
 * {@link dev.holdfast.broker.KafkaBroker} and its helpers here.
 */
@NullMarked
package dev.holdfast.broker;

import org.jspecify.annotations.NullMarked;
