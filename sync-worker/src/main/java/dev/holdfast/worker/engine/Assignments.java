package dev.holdfast.worker.engine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The partitions that are ours, and what becomes of their work when they no longer are.
 */
final class Assignments {

	private static final Logger LOG = LoggerFactory.getLogger(Assignments.class);

	private static final Duration AFTER_INTERRUPT = Duration.ofSeconds(1);

	private final Engine engine;

	private final Duration revokeGrace;

	private final long largeThreshold;

	private final Map<TopicPartition, Assignment> assignments = new ConcurrentHashMap<>();

	Assignments(Engine engine, ReplicationProperties properties) {
		this.engine = engine;
		this.revokeGrace = properties.revokeGrace();
		this.largeThreshold = properties.largeThreshold().toBytes();
	}

	/**
	 * The partition a record came from, ours from its assignment on.
	 */
	Assignment of(TopicPartition partition) {
		return this.assignments.computeIfAbsent(partition, Assignment::new);
	}

	/**
	 * Partitions are taken away: what waits does not start any more, what is in work may
	 * finish within the grace and is interrupted then. After this nothing of them is
	 * acknowledged.
	 * @param orderly whether another worker waits for us; otherwise it has them already,
	 * and what is in work is interrupted at once
	 */
	void revoked(Collection<TopicPartition> partitions, boolean orderly) {
		List<Assignment> gone = new ArrayList<>();
		for (TopicPartition partition : partitions) {
			Assignment assignment = this.assignments.remove(partition);
			if (assignment != null) {
				gone.add(assignment);
			}
		}
		cancel(gone);
		try {
			if (!awaitNone(gone, orderly ? this.revokeGrace : Duration.ZERO)) {
				works(gone).forEach(Work::interrupt);
				awaitNone(gone, AFTER_INTERRUPT);
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		gone.forEach((assignment) -> assignment.tracker().drop());
		List<Work> unfinished = works(gone);
		if (!unfinished.isEmpty()) {
			LOG.atInfo()
				.addKeyValue("unfinished", unfinished)
				.log("Partitions moved on with work unfinished: it is carried out again where they are now");
		}
	}

	/**
	 * The worker stops: large files are abandoned, what else is in work may finish.
	 */
	void drain(Duration atMost) {
		this.engine.stopping();
		List<Assignment> all = List.copyOf(this.assignments.values());
		cancel(all);
		works(all).stream().filter((work) -> work.size() > this.largeThreshold).forEach(Work::interrupt);
		try {
			if (!awaitNone(all, atMost)) {
				List<Work> unfinished = works(all);
				unfinished.forEach(Work::interrupt);
				LOG.atWarn()
					.addKeyValue("unfinished", unfinished)
					.log("Stopping with work unfinished: it is carried out again at the next start");
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private void cancel(List<Assignment> assignments) {
		for (Work work : works(assignments)) {
			if (work.cancel()) {
				this.engine.abandonIfCancelled(work);
			}
		}
	}

	private static List<Work> works(List<Assignment> assignments) {
		return assignments.stream().flatMap((assignment) -> assignment.works().stream()).toList();
	}

	private static boolean awaitNone(List<Assignment> assignments, Duration atMost) throws InterruptedException {
		long deadline = System.nanoTime() + atMost.toNanos();
		boolean none = true;
		for (Assignment assignment : assignments) {
			none &= assignment.awaitNone(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
		}
		return none;
	}

	/**
	 * How many bytes the files have that are not done with.
	 */
	long bytes() {
		return works(List.copyOf(this.assignments.values())).stream().mapToLong(Work::size).sum();
	}

	/**
	 * How many records a crash would bring again.
	 */
	int gap() {
		return this.assignments.values().stream().mapToInt((assignment) -> assignment.tracker().gap()).sum();
	}

}
