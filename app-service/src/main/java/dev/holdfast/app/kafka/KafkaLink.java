package dev.holdfast.app.kafka;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import dev.holdfast.kafka.OwnedTopics;
import dev.holdfast.kafka.TopicFinding;
import dev.holdfast.model.Topics;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows whether Kafka can be reached, makes Holdfast's topics when it can, and sees when
 * they become others. Nobody waits for it: what depends on Kafka asks for the state and
 * is told when it changes.
 */
public final class KafkaLink implements AutoCloseable {

	private static final Logger LOG = LoggerFactory.getLogger(KafkaLink.class);

	private static final Set<String> READ = Set.of(Topics.EVENTS, Topics.REPLICAS);

	private static final Duration TIMEOUT = Duration.ofSeconds(5);

	private final KafkaClients clients;

	private final int replicationFactor;

	private final Clock clock;

	private final Pace pace;

	private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

	private final Semaphore doubts = new Semaphore(0);

	private final Thread thread;

	private volatile LinkState state = new LinkState.Connecting();

	private volatile @Nullable Layout layout;

	private volatile boolean closed;

	private @Nullable Admin admin;

	private Instant topicsChecked = Instant.MIN;

	private List<TopicFinding> findings = List.of();

	/**
	 * A link that is not looked at before {@link #start()}.
	 * @param replicationFactor of topics that are created; -1 for the broker's default
	 */
	public KafkaLink(KafkaClients clients, int replicationFactor, Clock clock, Pace pace) {
		this.clients = clients;
		this.replicationFactor = replicationFactor;
		this.clock = clock;
		this.pace = pace;
		this.thread = Thread.ofPlatform().name("kafka-link").daemon().unstarted(this::run);
	}

	/**
	 * How often to look.
	 *
	 * @param up while Kafka answers and nobody doubts it
	 * @param down while it does not
	 * @param topics how often the settings of the topics are compared
	 */
	public record Pace(Duration up, Duration down, Duration topics) {

		/** Costs next to nothing, and is soon enough for people. */
		public static final Pace USUAL = new Pace(Duration.ofSeconds(10), Duration.ofSeconds(1), Duration.ofMinutes(1));

	}

	/**
	 * Begins to look.
	 */
	public void start() {
		this.thread.start();
	}

	/**
	 * Whether Kafka can be reached, as of the last look.
	 */
	public LinkState state() {
		return this.state;
	}

	/**
	 * The topics as they were when Kafka last answered.
	 */
	public Optional<Layout> layout() {
		return Optional.ofNullable(this.layout);
	}

	/**
	 * Registers someone to be told, on the link's thread, when the state has changed.
	 */
	public void onChange(Runnable listener) {
		this.listeners.add(listener);
	}

	/**
	 * Says that Kafka did not do what was asked of it: looks at once.
	 */
	public void doubt() {
		this.doubts.release();
	}

	private void run() {
		while (!this.closed) {
			LinkState now = look();
			if (this.closed) {
				break;
			}
			become(now);
			Duration pause = (now instanceof LinkState.Up) ? this.pace.up() : this.pace.down();
			try {
				if (this.doubts.tryAcquire(pause.toMillis(), TimeUnit.MILLISECONDS)) {
					this.doubts.drainPermits();
				}
			}
			catch (InterruptedException ex) {
				break; // only close() interrupts
			}
		}
	}

	private LinkState look() {
		try {
			Admin client = admin();
			String clusterId = await(client.describeCluster().clusterId());
			checkTopics(client);
			Map<String, Layout.Topic> topics = topics(client);
			if (!topics.keySet().containsAll(READ)) {
				// Someone deleted one since: made again without waiting.
				this.topicsChecked = Instant.MIN;
				checkTopics(client);
				topics = topics(client);
			}
			return new LinkState.Up(new Layout(clusterId, topics), this.findings);
		}
		catch (KafkaException ex) {
			return down(ex);
		}
	}

	private LinkState down(KafkaException met) {
		// Checked anew when Kafka is back: it may be another one.
		this.topicsChecked = Instant.MIN;
		Instant since = (this.state instanceof LinkState.Down before) ? before.since() : this.clock.instant();
		Throwable root = met;
		while (root.getCause() != null && root.getMessage() == null) {
			root = root.getCause();
		}
		return new LinkState.Down(since, String.valueOf(root.getMessage()));
	}

	private Admin admin() {
		Admin present = this.admin;
		if (present == null) {
			present = this.clients.admin();
			this.admin = present;
		}
		return present;
	}

	private void checkTopics(Admin client) {
		Instant now = this.clock.instant();
		if (this.topicsChecked.isAfter(now.minus(this.pace.topics()))) {
			return;
		}
		List<TopicFinding> found = new OwnedTopics(client, this.replicationFactor, TIMEOUT).createAndCheck();
		if (!found.equals(this.findings)) {
			found.forEach((finding) -> LOG.atWarn().addKeyValue("topic", finding.topic()).log(finding.message()));
		}
		this.findings = found;
		this.topicsChecked = now;
	}

	private static Map<String, Layout.Topic> topics(Admin client) {
		Map<String, Layout.Topic> topics = new HashMap<>();
		client.describeTopics(READ).topicNameValues().forEach((name, future) -> {
			try {
				TopicDescription topic = await(future);
				topics.put(name, new Layout.Topic(topic.topicId(), topic.partitions().size()));
			}
			catch (UnknownTopicOrPartitionException ex) {
				LOG.debug("Topic {} is not there", name);
			}
		});
		return topics;
	}

	private void become(LinkState now) {
		LinkState before = this.state;
		this.state = now;
		if (now instanceof LinkState.Up up) {
			this.layout = up.layout();
			if (!(before instanceof LinkState.Up)) {
				LOG.atInfo().addKeyValue("cluster", up.layout().clusterId()).log("Kafka reached");
			}
		}
		if (now instanceof LinkState.Down down && !(before instanceof LinkState.Down)) {
			LOG.atWarn()
				.addKeyValue("reason", down.reason())
				.log("Kafka not reached: uploads go on, their events wait in the outbox");
		}
		if (!now.equals(before)) {
			this.listeners.forEach(Runnable::run);
		}
	}

	private static <T> T await(KafkaFuture<T> future) {
		try {
			return future.get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (ExecutionException ex) {
			if (ex.getCause() instanceof KafkaException cause) {
				throw cause;
			}
			throw new KafkaException("Asking Kafka failed", ex.getCause());
		}
		catch (TimeoutException ex) {
			throw new KafkaException("No answer within " + TIMEOUT.toSeconds() + " s: is a broker running?", ex);
		}
		catch (InterruptedException ex) {
			throw new org.apache.kafka.common.errors.InterruptException(ex);
		}
	}

	@Override
	public void close() {
		this.closed = true;
		this.thread.interrupt();
		try {
			this.thread.join(TIMEOUT);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		Admin present = this.admin;
		if (present != null) {
			present.close(Duration.ofSeconds(1));
		}
	}

}
