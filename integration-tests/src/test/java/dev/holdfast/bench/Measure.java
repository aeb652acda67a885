package dev.holdfast.bench;

import java.io.IOException;
import java.util.List;

/**
 * One line, or a few, of the table.
 */
@FunctionalInterface
interface Measure {

	/** What can be measured; docs/BENCHMARKS.md has a sentence on each. */
	enum Name {

		/**
		 * Replay of a topic whose replicas are all there: the first, while the topic
		 * holds nothing else.
		 */
		REPLAY,

		/** Many small files, warm worker. */
		WARM,

		/** Many small files, a worker that starts with them waiting. */
		COLD,

		/** From an upload's acknowledgement to its replica, at a steady rate. */
		LATENCY,

		/** One large file: time and memory. */
		LARGE,

		/** Small files while a large one is under way. */
		FAIRNESS,

		/** Files that other programs write, at a steady rate. */
		FOREIGN,

		/** Many files in many new directories at once, written by other programs. */
		BURST,

		/** Two days of an app's behaviour in minutes. */
		CHURN,

		/** app-service on a volume full of files that have not changed. */
		RESTART,

		/** The whole of it with nothing to do. */
		IDLE

	}

	List<Figure> run(Rig rig) throws IOException, InterruptedException;

}
