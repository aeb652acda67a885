package dev.holdfast.app.guard;

/**
 * How many files of a volume others may change within the window before a person is
 * asked. Of count and share the larger one counts.
 *
 * @param deleteCount so many files may be deleted
 * @param deletePercent so many of a hundred files may be deleted
 * @param changeCount so many files may be deleted or overwritten
 * @param changePercent so many of a hundred files may be deleted or overwritten
 */
record Limits(int deleteCount, int deletePercent, int changeCount, int changePercent) {

	private static final int WHOLE = 100;

	/**
	 * Checks the ranges.
	 * @throws IllegalArgumentException where a count is negative or a share is not one
	 */
	Limits {
		if (deleteCount < 0 || changeCount < 0) {
			throw new IllegalArgumentException("holdfast.guard: give counts of 0 or more");
		}
		if (deletePercent < 0 || deletePercent > WHOLE || changePercent < 0 || changePercent > WHOLE) {
			throw new IllegalArgumentException("holdfast.guard: give percentages from 0 to 100");
		}
	}

	/** How many of so many files may be deleted. */
	long deletes(long files) {
		return Math.max(this.deleteCount, files * this.deletePercent / WHOLE);
	}

	/** How many of so many files may be deleted or overwritten. */
	long changes(long files) {
		return Math.max(this.changeCount, files * this.changePercent / WHOLE);
	}

}
