package dev.holdfast.app.watch;

import java.util.function.Consumer;

/**
 * The files that were found in a directory which appeared, until each has been looked at.
 * Safe for use by many threads.
 */
final class FoundFiles {

	private final Consumer<FoundFiles> done;

	private boolean complete;

	private long open;

	private long scanned;

	private long changed;

	/**
	 * Begins without files.
	 * @param done is told once, when all were looked at
	 */
	FoundFiles(Consumer<FoundFiles> done) {
		this.done = done;
	}

	synchronized void add() {
		this.open++;
		this.scanned++;
	}

	/**
	 * How many there are.
	 */
	synchronized long scanned() {
		return this.scanned;
	}

	/**
	 * How many of them were recorded.
	 */
	synchronized long changed() {
		return this.changed;
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
			this.done.accept(this);
		}
	}

}
