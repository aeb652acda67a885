package dev.holdfast.app.catalog;

/**
 * What went into the outbox and out of it. At any moment
 * {@code inherited + accepted = published + waiting}, where waiting is
 * {@link Totals#outboxWaiting()}.
 *
 * @param inherited how many events were waiting when the catalog was opened
 * @param accepted how many were recorded since
 * @param published how many Kafka has since acknowledged, or the log turned out to hold
 */
public record OutboxCounts(long inherited, long accepted, long published) {

}
