package dev.holdfast.worker.replay;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

import dev.holdfast.worker.replay.ReplayReport.Problem;

/**
 * Counts how files ended. Each file is counted once.
 */
final class Tally {

	final LongAdder replayed = new LongAdder();

	final LongAdder replayedBytes = new LongAdder();

	final LongAdder alreadyThere = new LongAdder();

	final LongAdder superseded = new LongAdder();

	final LongAdder deleted = new LongAdder();

	private final LongAdder changed = new LongAdder();

	private final LongAdder missing = new LongAdder();

	private final LongAdder failed = new LongAdder();

	private final List<Problem> problems = new ArrayList<>();

	void changed(String file, String why) {
		this.changed.increment();
		add(new Problem(file, "changed", why + ": what it has now is in the store once its event is on the topic;"
				+ " scan the volume if none comes, and run this again"));
	}

	void missing(String file, String reason) {
		this.missing.increment();
		add(new Problem(file, "missing", reason));
	}

	void failed(String file, String reason) {
		this.failed.increment();
		add(new Problem(file, "failed", reason));
	}

	private synchronized void add(Problem problem) {
		if (this.problems.size() < ReplayReport.MAX_PROBLEMS) {
			this.problems.add(problem);
		}
	}

	long changed() {
		return this.changed.sum();
	}

	long missing() {
		return this.missing.sum();
	}

	long failed() {
		return this.failed.sum();
	}

	synchronized List<Problem> problems() {
		return List.copyOf(this.problems);
	}

}
