package dev.holdfast.worker.retry;

import java.time.Instant;

/**
 * How a gate stands.
 *
 * @param state whether work gets through
 * @param since since when, an outage counting as one until it is over
 * @param reason why not, empty where it does
 */
public record GateStatus(GateState state, Instant since, String reason) {

}
