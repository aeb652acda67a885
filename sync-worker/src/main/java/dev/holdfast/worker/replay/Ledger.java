package dev.holdfast.worker.replay;

import dev.holdfast.model.LedgerRecord;

/**
 * Where a replay writes what it did.
 */
@FunctionalInterface
public interface Ledger {

	/**
	 * Writes a record, and returns when Kafka has acknowledged it.
	 * @throws org.apache.kafka.common.KafkaException where it does not
	 */
	void write(LedgerRecord entry) throws InterruptedException;

}
