package dev.holdfast.worker.replay;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import dev.holdfast.model.MediaEvent;
import dev.holdfast.model.Topics;
import dev.holdfast.worker.replay.FileState.Verdict;
import dev.holdfast.worker.replay.TopicReader.Range;
import dev.holdfast.worker.store.ObjectStore;
import dev.holdfast.worker.store.StoreException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/**
 * Brings a store to what the topic says.
 * <p>
 * <b>First a survey.</b> Topic and ledger are read to their present ends, and the bucket
 * is listed. A file whose latest event the ledger has as replicated, and whose object has
 * the size and the entity tag that the ledger has, is there: no request is spent on it.
 * <b>Then the rest</b>: the topic is read once more for the latest events of the other
 * files only, and each is carried out as live replication does it, in parallel, with the
 * same fences; so either may run at any time, and the later version wins, in the store by
 * those fences and in the ledger by the {@link Aftermath}.
 * <p>
 * <b>Resuming.</b> What was done is in the bucket and in the ledger, and nowhere else: a
 * replay that was killed is simply run again, finds by its survey what is there, and goes
 * on with what is not.
 */
public final class Replay {

	private static final int LISTINGS = 8;

	private final ReplayParts parts;

	private final ReplayRequest request;

	private final Progress progress;

	private final Survey survey;

	private final Tally tally = new Tally();

	/**
	 * A replay, to be run once.
	 */
	public Replay(ReplayParts parts, ReplayRequest request, Progress progress) {
		this.parts = parts;
		this.request = request;
		this.progress = progress;
		this.survey = new Survey(parts.entries().store(), parts.keys());
	}

	/**
	 * Runs it.
	 * @throws StoreException where the store is away or lets nobody in
	 * @throws KafkaException where Kafka is away or lacks a topic
	 */
	public ReplayReport run() throws StoreException, InterruptedException {
		long begun = System.nanoTime();
		this.parts.store().probe();
		int aborted = this.request.dryRun() ? 0 : this.parts.store().abortStaleUploads(ObjectStore.STALE_UPLOAD);
		try (TopicReader events = new TopicReader(this.parts.kafka(), Topics.EVENTS)) {
			Map<Integer, Range> ranges = events.ranges(this.request.since());
			survey(events, ranges);
			FileReplay replay = new FileReplay(this.parts, this.request.dryRun());
			replayRest(events, replay);
			if (!this.request.dryRun()) {
				new Aftermath(this.survey, replay).settle(events, ranges);
			}
		}
		this.progress.end();
		return report(aborted, Duration.ofNanos(System.nanoTime() - begun));
	}

	private void survey(TopicReader events, Map<Integer, Range> ranges) throws StoreException, InterruptedException {
		try (TopicReader ledger = new TopicReader(this.parts.kafka(), Topics.REPLICAS)) {
			Map<Integer, Range> ledgerRanges = ledger.ranges(null);
			this.progress.phase("reading events and ledger", size(ranges) + size(ledgerRanges));
			both(() -> events.read(ranges, this.survey::event, this.progress::advance),
					() -> ledger.read(ledgerRanges, this.survey::ledger, this.progress::advance));
		}
		List<String> expected = new ArrayList<>();
		this.survey.files().forEach((file, state) -> {
			if (state.verdict() != Verdict.UNKNOWN) {
				expected.add(this.parts.keys().prefix() + file);
			}
		});
		this.progress.phase("listing the bucket", expected.size());
		new BucketListing(this.parts.store(), this.parts.keys().prefix(), LISTINGS).list(expected, (object) -> {
			this.survey.listed(object);
			this.progress.advance(1);
		});
	}

	private interface Step {

		void run() throws InterruptedException;

	}

	private static void both(Step one, Step other) throws InterruptedException {
		try (ExecutorService threads = Executors.newFixedThreadPool(1)) {
			Future<?> second = threads.submit((Callable<@Nullable Void>) () -> {
				other.run();
				return null;
			});
			try {
				one.run();
				second.get();
			}
			catch (ExecutionException ex) {
				switch (ex.getCause()) {
					case RuntimeException cause -> throw cause;
					case InterruptedException cause -> throw cause;
					case null, default -> throw new IllegalStateException("The ledger could not be read", ex);
				}
			}
			finally {
				threads.shutdownNow();
			}
		}
	}

	private void replayRest(TopicReader events, FileReplay replay) throws StoreException, InterruptedException {
		Map<Integer, Range> rest = new TreeMap<>();
		long files = 0;
		for (FileState state : this.survey.files().values()) {
			switch (state.verdict()) {
				case UNKNOWN -> {
					// Only the ledger knows it.
				}
				case THERE -> this.tally.alreadyThere.increment();
				case DELETED -> this.tally.deleted.increment();
				case DOUBTFUL, ABSENT -> {
					files++;
					Range own = new Range(state.offset(), state.offset() + 1);
					rest.merge(state.partition(), own,
							(a, b) -> new Range(Math.min(a.from(), b.from()), Math.max(a.until(), b.until())));
				}
			}
		}
		this.progress.phase(this.request.dryRun() ? "checking" : "replaying", files);
		try (Workers workers = new Workers()) {
			events.read(rest, (record) -> submit(record, workers, replay), (offsets) -> {
			});
			workers.await();
		}
	}

	private void submit(ConsumerRecord<byte[], byte[]> record, Workers workers, FileReplay replay)
			throws InterruptedException {
		MediaEvent decoded = this.survey.decode(record);
		if (decoded == null) {
			takeBack(record);
		}
		if (!(decoded instanceof MediaEvent.OfFile event)) {
			return;
		}
		FileState state = this.survey.files().get(event.id().toString());
		if (state == null || !state.isLatest(record.partition(), record.offset())) {
			return;
		}
		Verdict verdict = state.verdict();
		if (verdict == Verdict.DOUBTFUL || verdict == Verdict.ABSENT) {
			workers.submit(event, () -> {
				replay.replay(event, state, verdict == Verdict.DOUBTFUL, this.tally);
				this.progress.advance(1);
			});
		}
	}

	/** For a record that the survey took for an event, and the codec does not. */
	private void takeBack(ConsumerRecord<byte[], byte[]> record) {
		this.survey.files()
			.entrySet()
			.stream()
			.filter((file) -> file.getValue().isLatest(record.partition(), record.offset()))
			.map(Map.Entry::getKey)
			.findFirst()
			.ifPresent(this.survey::takeBack);
	}

	private ReplayReport report(int aborted, Duration took) {
		long files = this.survey.files()
			.values()
			.stream()
			.filter((state) -> state.verdict() != Verdict.UNKNOWN)
			.count();
		return new ReplayReport(this.parts.entries().store().value(), this.parts.entries().bucket(),
				this.request.dryRun(), this.survey.events(), this.survey.outdated(), this.survey.malformed(), files,
				this.tally.replayed.sum(), this.tally.replayedBytes.sum(), this.tally.alreadyThere.sum(),
				this.tally.superseded.sum(), this.tally.changed(), this.tally.missing(), this.tally.failed(),
				this.tally.deleted.sum(), aborted, took, this.tally.problems());
	}

	private static long size(Map<Integer, Range> ranges) {
		return ranges.values().stream().mapToLong((range) -> range.until() - range.from()).sum();
	}

}
