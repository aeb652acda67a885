package dev.holdfast.app.kafka;

import java.time.Instant;
import java.util.List;

import dev.holdfast.kafka.TopicFinding;

/**
 * Whether Kafka can be reached.
 */
public sealed interface LinkState {

	/** Not known yet: the first answer is awaited. */
	record Connecting() implements LinkState {

	}

	/**
	 * Kafka answers.
	 *
	 * @param layout the topics
	 * @param findings what is not as it has to be with Holdfast's topics
	 */
	record Up(Layout layout, List<TopicFinding> findings) implements LinkState {

		/**
		 * Copies the list.
		 */
		public Up {
			findings = List.copyOf(findings);
		}

	}

	/**
	 * Kafka does not answer.
	 *
	 * @param since since when
	 * @param reason what was met
	 */
	record Down(Instant since, String reason) implements LinkState {

	}

}
