package dev.holdfast.worker.engine;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

import dev.holdfast.model.MediaId;
import org.jspecify.annotations.Nullable;

/**
 * One line per media file, of which only the first is in work: so the events of a file
 * are carried out one after the other, in whatever lanes and from whatever partitions
 * they come. A later version takes the place of earlier ones that still wait.
 */
final class FileLines {

	private final Map<MediaId, Line> lines = new HashMap<>();

	private static final class Line {

		private Work first;

		private final Deque<Work> waiting = new ArrayDeque<>();

		private Line(Work first) {
			this.first = first;
		}

	}

	/**
	 * What to do now, outside of any lock.
	 *
	 * @param start begins now, {@code null} where nothing does
	 * @param superseded have ended, because a later version waits behind them
	 */
	record Step(@Nullable Work start, List<Work> superseded) {
	}

	/**
	 * Work joins the line of its file. What has ended meanwhile does not: nobody would
	 * take it out of the line again, and what comes after it would wait for ever.
	 */
	synchronized Step join(Work work) {
		if (work.hasEnded()) {
			return new Step(null, List.of());
		}
		Line line = this.lines.get(work.event().id());
		if (line == null) {
			this.lines.put(work.event().id(), new Line(work));
			return new Step(work, List.of());
		}
		List<Work> superseded = new ArrayList<>();
		boolean overtaken = false;
		for (Iterator<Work> others = line.waiting.iterator(); others.hasNext();) {
			Work other = others.next();
			if (other.event().version().isAfter(work.event().version())) {
				overtaken = true;
			}
			else {
				others.remove();
				if (other.endIfWaiting()) {
					superseded.add(other);
				}
			}
		}
		if (!overtaken) {
			line.waiting.addLast(work);
		}
		else if (work.endIfWaiting()) {
			superseded.add(work);
		}
		return new Step(null, superseded);
	}

	/**
	 * Work has ended and leaves its line.
	 * @return the one that begins now, {@code null} where none does
	 */
	synchronized @Nullable Work leave(Work work) {
		MediaId id = work.event().id();
		Line line = this.lines.get(id);
		if (line == null) {
			return null;
		}
		if (line.first != work) {
			line.waiting.remove(work);
			return null;
		}
		Work next = line.waiting.pollFirst();
		if (next == null) {
			this.lines.remove(id);
		}
		else {
			line.first = next;
		}
		return next;
	}

	/**
	 * How many files have an event in work or waiting.
	 */
	synchronized int files() {
		return this.lines.size();
	}

}
