package dev.holdfast.app.catalog;

/**
 * What a decision has come to.
 *
 * @param deletes how many deletes were decided
 * @param overwrites how many overwrites were decided
 * @param left what waits still, because it was held later than what the decision is about
 */
public record Decided(long deletes, long overwrites, HeldCounts left) {

	/**
	 * Whether nothing waits any more.
	 */
	public boolean isAll() {
		return this.left.deletes() + this.left.overwrites() == 0;
	}

}
