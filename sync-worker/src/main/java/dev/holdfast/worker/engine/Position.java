package dev.holdfast.worker.engine;

import org.apache.kafka.common.TopicPartition;

/**
 * Where a record was read.
 */
record Position(TopicPartition partition, long offset) {

	@Override
	public String toString() {
		return this.partition + "@" + this.offset;
	}

}
