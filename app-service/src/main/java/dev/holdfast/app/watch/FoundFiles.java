package dev.holdfast.app.watch;

import java.util.function.BiConsumer;

/**
 * The files that were found in a directory which appeared, until each has been looked at.
 * Safe for use by many threads.
 */
final class FoundFiles {

	private final boolean untilFinished;

	private final BiConsumer<Long, Long> done;

	private boolean complete;

	private long open;

	private long scanned;

	private long changed;

	/**
	 * Begins without files.
	 * @param untilFinished whether a file that is still being written is waited for
	 * @param done is told once, when all were looked at: how many there were, and how
	 * many of them were recorded
	 */
	FoundFiles(boolean untilFinished, BiConsumer<Long, Long> done) {
		this.untilFinished = untilFinished;
		this.done = done;
	}

	boolean untilFinished() {
		return this.untilFinished;
	}

	synchronized void add() {
		this.open++;
		this.scanned++;
	}

	/**
	 * One of them was looked at.
	 */
	void lookedAt(boolean recorded) {
		close(1, recorded ? 1 : 0, false);
	}

	/**
	 * There are no more of them.
	 */
	void end() {
		close(0, 0, true);
	}

	private void close(int files, int recorded, boolean last) {
		boolean over;
		synchronized (this) {
			this.open -= files;
			this.changed += recorded;
			this.complete |= last;
			over = this.complete && this.open == 0;
		}
		if (over) {
			this.done.accept(this.scanned, this.changed);
		}
	}

}
