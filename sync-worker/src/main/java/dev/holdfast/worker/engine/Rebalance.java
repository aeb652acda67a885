package dev.holdfast.worker.engine;

import java.util.Collection;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;

import org.springframework.cloud.stream.binder.kafka.KafkaBindingRebalanceListener;
import org.springframework.kafka.listener.ConsumerAwareRebalanceListener;
import org.springframework.kafka.listener.ContainerProperties;

/**
 * Takes note of partitions that come and go.
 */
final class Rebalance implements KafkaBindingRebalanceListener {

	private final Assignments assignments;

	Rebalance(Assignments assignments) {
		this.assignments = assignments;
	}

	@Override
	public void onPartitionsAssigned(String bindingName, Consumer<?, ?> consumer, Collection<TopicPartition> partitions,
			boolean initial) {
		partitions.forEach(this.assignments::of);
	}

	/**
	 * Before the container commits: what finishes within the grace is acknowledged yet.
	 */
	@Override
	public void onPartitionsRevokedBeforeCommit(String bindingName, Consumer<?, ?> consumer,
			Collection<TopicPartition> partitions) {
		this.assignments.revoked(partitions, true);
	}

	/**
	 * The binder does not pass on that partitions were lost rather than revoked: then
	 * they are another worker's already, and waiting would only delay our coming back.
	 */
	void alsoHearOfLoss(ContainerProperties properties) {
		if (properties.getConsumerRebalanceListener() instanceof ConsumerAwareRebalanceListener binders) {
			properties.setConsumerRebalanceListener(new HearingOfLoss(binders));
		}
	}

	private final class HearingOfLoss implements ConsumerAwareRebalanceListener {

		private final ConsumerAwareRebalanceListener binders;

		HearingOfLoss(ConsumerAwareRebalanceListener binders) {
			this.binders = binders;
		}

		@Override
		public void onPartitionsAssigned(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
			this.binders.onPartitionsAssigned(consumer, partitions);
		}

		@Override
		public void onPartitionsRevokedBeforeCommit(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
			this.binders.onPartitionsRevokedBeforeCommit(consumer, partitions);
		}

		@Override
		public void onPartitionsRevokedAfterCommit(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
			this.binders.onPartitionsRevokedAfterCommit(consumer, partitions);
		}

		@Override
		public void onPartitionsLost(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
			Rebalance.this.assignments.revoked(partitions, false);
		}

	}

}
