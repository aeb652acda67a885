package dev.holdfast.worker.replay;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

import dev.holdfast.model.MediaEvent;
import dev.holdfast.worker.replay.TopicReader.Range;
import dev.holdfast.worker.store.StoreException;

/**
 * What a replay does after it: sees to it that the ledger's last word on a file is about
 * its latest version.
 * <p>
 * Live replication may put a later version, and say so, between a replay's put and its
 * word in the ledger, which then comes last. Readers pass over what is older than what
 * they have read; but compaction keeps only the last. Whatever live replication put was
 * on the topic before. So events that came since the survey, of files that the replay
 * wrote about, are carried out once more: that changes nothing in the store, and puts the
 * later word last.
 */
final class Aftermath {

	/** A file that changes so often gets a later word soon, anyway. */
	private static final int MOST_ROUNDS = 10;

	private final Survey survey;

	private final FileReplay replay;

	Aftermath(Survey survey, FileReplay replay) {
		this.survey = survey;
		this.replay = replay;
	}

	/**
	 * Goes on until nothing came in between.
	 * @param read what was read of the topic before
	 */
	void settle(TopicReader events, Map<Integer, Range> read) throws StoreException, InterruptedException {
		Map<Integer, Range> before = read;
		for (int round = 0; round < MOST_ROUNDS; round++) {
			Map<Integer, Range> since = since(before, events.ranges(null));
			Map<String, MediaEvent.OfFile> outrun = outrun(events, since);
			if (outrun.isEmpty()) {
				return;
			}
			try (Workers workers = new Workers()) {
				for (Map.Entry<String, MediaEvent.OfFile> file : outrun.entrySet()) {
					FileState state = this.survey.state(file.getKey());
					// Not counted: live replication does, and says what fails.
					workers.submit(file.getValue(),
							() -> this.replay.replay(file.getValue(), state, true, new Tally()));
				}
				workers.await();
			}
			before = since;
		}
	}

	private static Map<Integer, Range> since(Map<Integer, Range> before, Map<Integer, Range> now) {
		Map<Integer, Range> since = new TreeMap<>();
		now.forEach((partition, range) -> {
			Range known = before.get(partition);
			since.put(partition, (known == null) ? range : new Range(known.until(), range.until()));
		});
		return since;
	}

	/** The latest later event of each file that needs a later word. */
	private Map<String, MediaEvent.OfFile> outrun(TopicReader events, Map<Integer, Range> since)
			throws InterruptedException {
		Map<String, MediaEvent.OfFile> outrun = new HashMap<>();
		events.read(since, (record) -> {
			if (this.survey.decode(record) instanceof MediaEvent.OfFile event) {
				String file = event.id().toString();
				FileState state = this.survey.files().get(file);
				if (state != null && state.isOutrun(event.version())) {
					outrun.merge(file, event, (a, b) -> a.version().isAfter(b.version()) ? a : b);
				}
			}
		}, (offsets) -> {
		});
		return outrun;
	}

}
