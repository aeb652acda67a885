package dev.holdfast.kafka;

/**
 * Something about a topic that is not as it has to be.
 *
 * @param topic the topic's name
 * @param kind what it is about
 * @param setting the name of the setting, {@code partitions}, or {@code topic} where all
 * of it is missing
 * @param expected what Holdfast needs
 * @param actual what was found
 * @param remedy what to do, as a sentence
 */
public record TopicFinding(String topic, Kind kind, String setting, String expected, String actual, String remedy) {

	/**
	 * The finding in one line, for logs and people.
	 */
	public String message() {
		return "Topic %s: %s is %s, needed is %s. %s".formatted(this.topic, this.setting, this.actual, this.expected,
				this.remedy);
	}

	/**
	 * What a finding is about.
	 */
	public enum Kind {

		/** The topic is not there, and could not be created or was not to be. */
		MISSING,

		/** The topic has another number of partitions. */
		PARTITIONS,

		/** A setting would lose records, or keeps what should go. */
		CONFIGURATION

	}

}
