package dev.holdfast.worker.retry;

/**
 * How the few went that were let through to try.
 */
final class Trials {

	private final int all;

	private int left;

	private int failures;

	Trials(int all) {
		this.all = all;
		this.left = all;
	}

	void ended(boolean failure) {
		this.left = Math.max(0, this.left - 1);
		this.failures += failure ? 1 : 0;
	}

	int left() {
		return this.left;
	}

	/**
	 * Share of failures in percent.
	 */
	int failureRate() {
		return (this.all == 0) ? 0 : this.failures * 100 / this.all;
	}

}
