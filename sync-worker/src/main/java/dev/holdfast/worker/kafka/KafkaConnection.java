package dev.holdfast.worker.kafka;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import dev.holdfast.kafka.OwnedTopics;
import dev.holdfast.kafka.TopicFinding;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/**
 * Asks the broker whether it is there and whether Holdfast's topics are as they have to
 * be. Made when first needed, so that a broker whose name cannot be resolved yet keeps
 * nobody from starting. Answers quickly, also where the answer is no.
 */
public final class KafkaConnection implements AutoCloseable {

	private static final Duration TIMEOUT = Duration.ofSeconds(5);

	/** For how long an answer is good enough for a health check. */
	private static final Duration FRESH = Duration.ofSeconds(5);

	private final Map<String, Object> properties;

	private final int replicationFactor;

	private final Clock clock;

	private @Nullable Admin admin;

	private State state;

	/**
	 * What is known of the broker.
	 *
	 * @param up whether it answered
	 * @param reason why it did not, empty where it did
	 * @param asked when it was asked
	 * @param findings what is not right with the topics, as far as known
	 */
	public record State(boolean up, String reason, Instant asked, List<TopicFinding> findings) {

		/**
		 * Whether the topics are there, whatever they are like.
		 */
		public boolean topicsThere() {
			return this.up
					&& this.findings.stream().noneMatch((finding) -> finding.kind() == TopicFinding.Kind.MISSING);
		}

	}

	/**
	 * A connection.
	 * @param clientProperties how brokers are reached, in Kafka's names
	 * @param replicationFactor of topics that are created
	 */
	public KafkaConnection(Map<String, Object> clientProperties, int replicationFactor, Clock clock) {
		this.properties = new HashMap<>(clientProperties);
		this.properties.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) TIMEOUT.toMillis());
		this.properties.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) TIMEOUT.toMillis());
		this.properties.put(AdminClientConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 1000);
		this.replicationFactor = replicationFactor;
		this.clock = clock;
		this.state = new State(false, "not asked yet", Instant.EPOCH, List.of());
	}

	/**
	 * Creates the topics that are missing and checks all of them.
	 */
	public synchronized State prepareTopics() {
		try {
			List<TopicFinding> findings = new OwnedTopics(client(), this.replicationFactor, TIMEOUT).createAndCheck();
			this.state = new State(true, "", this.clock.instant(), findings);
		}
		catch (KafkaException ex) {
			this.state = down(ex);
		}
		return this.state;
	}

	/**
	 * What is known of the broker, asked again where that is not fresh.
	 */
	public synchronized State state() {
		if (this.state.asked().plus(FRESH).isBefore(this.clock.instant())) {
			try {
				client().describeCluster().clusterId().get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
				this.state = new State(true, "", this.clock.instant(), this.state.findings());
			}
			catch (KafkaException | ExecutionException | TimeoutException ex) {
				this.state = down(ex);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}
		return this.state;
	}

	private State down(Exception ex) {
		Throwable cause = (ex instanceof ExecutionException && ex.getCause() != null) ? ex.getCause() : ex;
		String message = (cause.getMessage() != null) ? cause.getMessage()
				: "no answer within " + TIMEOUT.toSeconds() + " s";
		return new State(false, message, this.clock.instant(), this.state.findings());
	}

	private Admin client() {
		Admin present = this.admin;
		if (present == null) {
			present = Admin.create(this.properties);
			this.admin = present;
		}
		return present;
	}

	@Override
	public synchronized void close() {
		Admin present = this.admin;
		if (present != null) {
			present.close(Duration.ofSeconds(1));
		}
	}

}
