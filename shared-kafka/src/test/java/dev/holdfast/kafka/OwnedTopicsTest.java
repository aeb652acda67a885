package dev.holdfast.kafka;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;

import dev.holdfast.broker.FreePort;
import dev.holdfast.broker.KafkaBroker;
import dev.holdfast.kafka.TopicFinding.Kind;
import dev.holdfast.model.Topics;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

class OwnedTopicsTest {

	private static final String MONTH = Long.toString(Duration.ofDays(30).toMillis());

	@TempDir
	Path directory;

	private KafkaBroker broker;

	private Admin admin;

	private OwnedTopics topics;

	@BeforeEach
	void start() {
		this.broker = KafkaBroker.start(this.directory, 0);
		this.admin = Admin.create(Map.of("bootstrap.servers", this.broker.bootstrapServers()));
		this.topics = new OwnedTopics(this.admin, -1, Duration.ofSeconds(30));
	}

	@AfterEach
	void stop() {
		this.admin.close();
		this.broker.close();
	}

	@Test
	void createAndCheck_createsWhatIsMissingAndFindsNothing() throws Exception {
		assertThat(this.topics.check()).extracting(TopicFinding::topic, TopicFinding::kind)
			.containsExactly(tuple(Topics.EVENTS, Kind.MISSING), tuple(Topics.REPLICAS, Kind.MISSING),
					tuple(Topics.RETRIES, Kind.MISSING), tuple(Topics.DEAD_LETTERS, Kind.MISSING));

		assertThat(this.topics.createAndCheck()).isEmpty();

		await().untilAsserted(() -> assertThat(this.topics.check()).isEmpty());
		assertThat(this.topics.createAndCheck()).as("a second time").isEmpty();
	}

	@Test
	void aTopicSomeoneElseConfigured_isReportedAndLeftAlone() throws Exception {
		create(Topics.EVENTS, 3,
				Map.of("cleanup.policy", "delete", "min.compaction.lag.ms", "1000", "delete.retention.ms", MONTH));
		create(Topics.REPLICAS, 12, Map.of("cleanup.policy", "compact,delete", "min.compaction.lag.ms", MONTH,
				"delete.retention.ms", MONTH));

		List<TopicFinding> findings = this.topics.createAndCheck();

		assertThat(findings)
			.extracting(TopicFinding::topic, TopicFinding::setting, TopicFinding::expected, TopicFinding::actual)
			.containsExactly(tuple(Topics.EVENTS, "partitions", "12", "3"),
					tuple(Topics.EVENTS, "cleanup.policy", "compact", "delete"),
					tuple(Topics.EVENTS, "min.compaction.lag.ms", MONTH, "1000"),
					tuple(Topics.REPLICAS, "cleanup.policy", "compact", "compact,delete"));
		assertThat(findings.get(1).message())
			.contains("Topic media.events: cleanup.policy is delete, needed is compact")
			.contains("--entity-name media.events --add-config cleanup.policy=compact");
		await().untilAsserted(() -> assertThat(this.topics.check()).as("nothing was altered").isEqualTo(findings));
	}

	@Test
	void longerThanNeeded_isWell() throws Exception {
		create(Topics.RETRIES, 12, Map.of("cleanup.policy", "delete", "retention.ms", "-1"));
		create(Topics.EVENTS, 12, Map.of("cleanup.policy", "compact", "min.compaction.lag.ms",
				Long.toString(Duration.ofDays(365).toMillis()), "delete.retention.ms", MONTH));
		assertThat(this.topics.createAndCheck()).isEmpty();
	}

	/** Of an outage that takes longer than that, events would be deleted unseen. */
	@Test
	void aRetryLaneThatForgets_isReportedAndLeftAlone() throws Exception {
		create(Topics.RETRIES, 12, Map.of("cleanup.policy", "delete", "retention.ms", "604800000"));
		assertThat(this.topics.createAndCheck()).singleElement().satisfies((finding) -> {
			assertThat(finding.kind()).isEqualTo(Kind.CONFIGURATION);
			assertThat(finding.message()).contains("retention.ms is 604800000, needed is -1")
				.contains("--entity-name media.retries --add-config retention.ms=-1");
		});
		assertThat(retentionOf(Topics.RETRIES)).as("nothing was altered").isEqualTo("604800000");
	}

	@Test
	void theRetryLaneForgetsNothing() throws Exception {
		assertThat(this.topics.createAndCheck()).isEmpty();
		// The broker that is asked may not have heard of it yet.
		await().ignoreExceptionsMatching(
				(ex) -> ex instanceof ExecutionException && ex.getCause() instanceof UnknownTopicOrPartitionException)
			.untilAsserted(() -> assertThat(retentionOf(Topics.RETRIES)).isEqualTo("-1"));
	}

	private String retentionOf(String topic) throws Exception {
		ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
		return Objects.requireNonNull(this.admin.describeConfigs(List.of(resource)).all().get().get(resource))
			.get("retention.ms")
			.value();
	}

	@Test
	void aReplicationFactorTheClusterCannotGive_isAFinding() {
		List<TopicFinding> findings = new OwnedTopics(this.admin, 3, Duration.ofSeconds(30)).createAndCheck();
		assertThat(findings).hasSize(4).allSatisfy((finding) -> {
			assertThat(finding.kind()).isEqualTo(Kind.MISSING);
			assertThat(finding.remedy()).contains("kafka-topics.sh").contains("--topic " + finding.topic());
		});
	}

	@Test
	void aClusterThatDoesNotAnswer_isAnErrorAndNoFinding() {
		try (Admin nobody = Admin.create(Map.of("bootstrap.servers", "127.0.0.1:" + FreePort.find(),
				"default.api.timeout.ms", "1000", "request.timeout.ms", "1000"))) {
			assertThatExceptionOfType(KafkaException.class)
				.isThrownBy(() -> new OwnedTopics(nobody, -1, Duration.ofMillis(200)).createAndCheck())
				.withMessageContaining("is a broker running?");
		}
	}

	private void create(String name, int partitions, Map<String, String> config) throws Exception {
		this.admin.createTopics(List.of(new NewTopic(name, partitions, (short) 1).configs(config))).all().get();
		await().until(() -> this.admin.listTopics().names().get().contains(name));
	}

}
