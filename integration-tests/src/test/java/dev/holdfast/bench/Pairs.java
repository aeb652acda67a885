package dev.holdfast.bench;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.DoubleBinaryOperator;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * What was measured in pairs, each in close succession, as the machine may be slower in
 * one minute than in another.
 *
 * @param ours Holdfast's figures
 * @param theirs the other side's, in the same order
 */
record Pairs(List<Double> ours, List<Double> theirs) {

	static Pairs of(List<Usage> ours, List<Usage> theirs, ToDoubleFunction<Usage> what) {
		return new Pairs(ours.stream().map(what::applyAsDouble).toList(),
				theirs.stream().map(what::applyAsDouble).toList());
	}

	/**
	 * A line whose value is the median of the pairs' ratios.
	 * @param format of one figure
	 */
	Figure ratio(String measure, String format, Figure.Target target) {
		return line(measure, format, target, (ours, theirs) -> ours / theirs);
	}

	/**
	 * A line whose value says how many times less Holdfast took: the median of the pairs.
	 * @param format of one figure
	 */
	Figure advantage(String measure, String format, Figure.Target target) {
		return line(measure, format, target, (ours, theirs) -> theirs / ours);
	}

	private Figure line(String measure, String format, Figure.Target target, DoubleBinaryOperator ratio) {
		Samples ratios = Samples.of(IntStream.range(0, this.ours.size())
			.mapToObj((i) -> ratio.applyAsDouble(this.ours.get(i), this.theirs.get(i)))
			.toList());
		return new Figure(measure, String.format(Locale.ROOT, format, Samples.of(this.ours).median()),
				String.format(Locale.ROOT, format, Samples.of(this.theirs).median()), ratios.median(), "×", target,
				Map.of("holdfast", this.ours, "against", this.theirs, "from", ratios.smallest(), "to",
						ratios.largest()));
	}

}
