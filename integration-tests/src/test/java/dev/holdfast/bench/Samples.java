package dev.holdfast.bench;

import java.util.Arrays;
import java.util.Collection;

/**
 * Numbers of one kind, in order of size.
 */
final class Samples {

	private final double[] sorted;

	private Samples(double[] sorted) {
		this.sorted = sorted;
		Arrays.sort(this.sorted);
	}

	static Samples of(Collection<Double> values) {
		return new Samples(values.stream().mapToDouble(Double::doubleValue).toArray());
	}

	int count() {
		return this.sorted.length;
	}

	double median() {
		int middle = this.sorted.length / 2;
		if (this.sorted.length == 0) {
			return Double.NaN;
		}
		return (this.sorted.length % 2 == 1) ? this.sorted[middle]
				: (this.sorted[middle - 1] + this.sorted[middle]) / 2;
	}

	/**
	 * The smallest value that this share of all values does not exceed.
	 * @param share for example 0.99
	 */
	double percentile(double share) {
		if (this.sorted.length == 0) {
			return Double.NaN;
		}
		return this.sorted[Math.max(0, (int) Math.ceil(share * this.sorted.length) - 1)];
	}

	double smallest() {
		return percentile(0);
	}

	double largest() {
		return percentile(1);
	}

}
