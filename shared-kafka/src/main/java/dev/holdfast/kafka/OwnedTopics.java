package dev.holdfast.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import dev.holdfast.kafka.TopicFinding.Kind;
import dev.holdfast.model.Topics;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Creates Holdfast's topics where they are missing, and compares those that are there
 * with what they have to be. A topic that is there is never altered: it may be someone
 * else's decision.
 */
public final class OwnedTopics {

	/**
	 * For how long every version of a file stays on the log, and with it restorable.
	 */
	public static final Duration HISTORY = Duration.ofDays(30);

	private static final Logger LOG = LoggerFactory.getLogger(OwnedTopics.class);

	private static final int PARTITIONS = 12;

	private static final List<TopicSpec> SPECS = List.of(new TopicSpec(Topics.EVENTS, PARTITIONS, history()),
			new TopicSpec(Topics.REPLICAS, PARTITIONS, history()), new TopicSpec(Topics.RETRIES, PARTITIONS,
					// Without limit: while a store is away the lane is not read, for as
					// long
					// as that takes, and what Kafka deleted meanwhile nobody would try
					// again.
					Map.of("cleanup.policy", "delete", "retention.ms", TopicSpec.UNLIMITED)),
			new TopicSpec(Topics.DEAD_LETTERS, 1, Map.of("cleanup.policy", "compact")));

	private final Admin admin;

	private final short replicationFactor;

	private final Duration timeout;

	/**
	 * Works on the cluster of the given client, which stays the caller's to close.
	 * @param replicationFactor of topics that are created; -1 for the broker's default
	 * @param timeout how long one request may take before the broker counts as away
	 */
	public OwnedTopics(Admin admin, int replicationFactor, Duration timeout) {
		this.admin = admin;
		this.replicationFactor = (short) replicationFactor;
		this.timeout = timeout;
	}

	/**
	 * What Holdfast's topics have to be like.
	 */
	public static List<TopicSpec> specs() {
		return SPECS;
	}

	private static Map<String, String> history() {
		// Tombstones stay as long as versions do: who reads the log after less than that
		// sees what was deleted.
		return Map.of("cleanup.policy", "compact", "min.compaction.lag.ms", millis(HISTORY), "delete.retention.ms",
				millis(HISTORY));
	}

	private static String millis(Duration duration) {
		return Long.toString(duration.toMillis());
	}

	/**
	 * Creates the topics that are missing, then checks all of them.
	 * @return what is not as it has to be; empty where all is well
	 * @throws KafkaException where the cluster does not answer in time or refuses to be
	 * asked; nothing is known then, and the call may be repeated
	 */
	public List<TopicFinding> createAndCheck() {
		Map<String, TopicDescription> present = describe();
		List<TopicFinding> findings = new ArrayList<>();
		for (TopicSpec spec : SPECS) {
			if (!present.containsKey(spec.name())) {
				create(spec).ifPresent(findings::add);
			}
		}
		// Not what was created a moment ago: it is as it has to be, and the broker that
		// is
		// asked may not have heard of it yet.
		compare(present, findings);
		return List.copyOf(findings);
	}

	/**
	 * Compares the topics with what they have to be, and changes nothing.
	 * @return what is not as it has to be; empty where all is well
	 * @throws KafkaException where the cluster does not answer in time or refuses to be
	 * asked
	 */
	public List<TopicFinding> check() {
		Map<String, TopicDescription> present = describe();
		List<TopicFinding> findings = new ArrayList<>();
		for (TopicSpec spec : SPECS) {
			if (!present.containsKey(spec.name())) {
				findings.add(missing(spec, "missing",
						"Start Holdfast, which creates it, or create it: " + TopicRemedies.create(spec)));
			}
		}
		compare(present, findings);
		return List.copyOf(findings);
	}

	private void compare(Map<String, TopicDescription> present, List<TopicFinding> findings) {
		Map<ConfigResource, Config> configs = await(
				this.admin.describeConfigs(present.keySet().stream().map(OwnedTopics::resource).toList()).all());
		for (TopicSpec spec : SPECS) {
			TopicDescription description = present.get(spec.name());
			Config config = configs.get(resource(spec.name()));
			if (description != null && config != null) {
				TopicRemedies.compare(spec, description.partitions().size(), config, findings);
			}
		}
	}

	private Map<String, TopicDescription> describe() {
		Map<String, TopicDescription> present = new HashMap<>();
		this.admin.describeTopics(SPECS.stream().map(TopicSpec::name).toList())
			.topicNameValues()
			.forEach((name, future) -> {
				try {
					present.put(name, await(future));
				}
				catch (UnknownTopicOrPartitionException ex) {
					LOG.debug("Topic {} is not there", name);
				}
			});
		return present;
	}

	private Optional<TopicFinding> create(TopicSpec spec) {
		NewTopic topic = new NewTopic(spec.name(), Optional.of(spec.partitions()),
				(this.replicationFactor > 0) ? Optional.of(this.replicationFactor) : Optional.empty());
		try {
			await(this.admin.createTopics(List.of(topic.configs(spec.config()))).all());
			LOG.atInfo()
				.addKeyValue("topic", spec.name())
				.addKeyValue("partitions", spec.partitions())
				.log("Topic created");
			return Optional.empty();
		}
		catch (TopicExistsException ex) {
			return Optional.empty(); // by another process of ours, a moment ago
		}
		catch (AuthorizationException | PolicyViolationException | InvalidReplicationFactorException ex) {
			return Optional.of(missing(spec, "missing and the cluster refuses to create it (" + ex.getMessage() + ")",
					"Allow Holdfast to create it, or create it: " + TopicRemedies.create(spec)));
		}
	}

	private static TopicFinding missing(TopicSpec spec, String actual, String remedy) {
		return new TopicFinding(spec.name(), Kind.MISSING, "topic", spec.partitions() + " partitions", actual, remedy);
	}

	private static ConfigResource resource(String topic) {
		return new ConfigResource(ConfigResource.Type.TOPIC, topic);
	}

	private <T> T await(KafkaFuture<T> future) {
		try {
			return future.get(this.timeout.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (ExecutionException ex) {
			if (ex.getCause() instanceof KafkaException cause) {
				throw cause;
			}
			throw new KafkaException("Asking the cluster about Holdfast's topics failed", ex.getCause());
		}
		catch (TimeoutException ex) {
			throw new org.apache.kafka.common.errors.TimeoutException(
					"The cluster did not answer within %s: is a broker running?".formatted(this.timeout), ex);
		}
		catch (InterruptedException ex) {
			throw new InterruptException(ex);
		}
	}

}
