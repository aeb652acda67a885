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

		/** Replay of a topic whose replicas are all there. */
		REPLAY,

		/** The whole of it with nothing to do. */
		IDLE

	}

	List<Figure> run(Rig rig) throws IOException, InterruptedException;

}
