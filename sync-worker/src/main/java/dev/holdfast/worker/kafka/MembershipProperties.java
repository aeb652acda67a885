package dev.holdfast.worker.kafka;

import java.nio.file.Path;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * What makes this worker recognisable.
 *
 * @param dataDir where the worker keeps the id by which its consumer group knows it again
 * after a restart; one per worker, absent where it is not to be known again
 */
@ConfigurationProperties("holdfast")
public record MembershipProperties(@Nullable Path dataDir) {

}
