package dev.holdfast.bench;

import java.util.Locale;
import java.util.Map;

/**
 * A line of the table.
 *
 * @param measure what was measured
 * @param holdfast what Holdfast took, for people
 * @param against what the other side took, for people; empty where there is none
 * @param value the ratio of the two or, where there is no other side, the figure itself
 * @param unit of the value, {@code ×} for a ratio
 * @param target what the value was to be
 * @param details everything else that is worth keeping, for {@code --json}
 */
record Figure(String measure, String holdfast, String against, double value, String unit, Target target,
		Map<String, Object> details) {

	/**
	 * A bound.
	 *
	 * @param bound the value may reach it
	 * @param atMost whether it is an upper bound
	 */
	record Target(double bound, boolean atMost) {

		/** Nothing was asked for: shown for comparison. */
		static final Target NONE = new Target(Double.NaN, true);

		static Target atMost(double bound) {
			return new Target(bound, true);
		}

		static Target atLeast(double bound) {
			return new Target(bound, false);
		}

		boolean exists() {
			return !Double.isNaN(this.bound);
		}

		boolean isMetBy(double value) {
			return this.atMost ? value <= this.bound : value >= this.bound;
		}

	}

	String valueText() {
		return number(this.value) + " " + this.unit;
	}

	String targetText() {
		return this.target.exists()
				? (this.target.atMost() ? "≤ " : "≥ ") + number(this.target.bound()) + " " + this.unit : "";
	}

	String verdict() {
		if (!this.target.exists()) {
			return "";
		}
		return this.target.isMetBy(this.value) ? "met" : "MISSED";
	}

	private static String number(double value) {
		return (Math.abs(value) >= 100) ? String.format(Locale.ROOT, "%.0f", value)
				: String.format(Locale.ROOT, "%.2f", value);
	}

}
