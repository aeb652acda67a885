package dev.holdfast.app.migrate;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.holdfast.model.Digest;
import org.jspecify.annotations.Nullable;

/**
 * Counts what became of files, and keeps the first of each kind that a person has to look
 * at.
 */
final class Findings {

	/** Of each kind; the counts go on. */
	static final int KEPT = 1000;

	private final Map<Outcome, Sum> sums = new EnumMap<>(Outcome.class);

	private final Map<Outcome, Integer> kept = new EnumMap<>(Outcome.class);

	private final List<Detail> details = new ArrayList<>();

	private long leftOut;

	private long ownersNotKept;

	/**
	 * So many files of so many bytes.
	 *
	 * @param files how many
	 * @param bytes how large they are together
	 */
	record Sum(long files, long bytes) {

		static final Sum NONE = new Sum(0, 0);

		Sum plus(long size) {
			return new Sum(this.files + 1, this.bytes + size);
		}

	}

	/**
	 * What became of one file.
	 *
	 * @param path relative to the source folder
	 * @param outcome what
	 * @param reason why
	 * @param sourceDigest the digest of the source, in a conflict
	 * @param targetDigest the digest of the file on the volume, in a conflict
	 */
	record Detail(String path, String outcome, @Nullable String reason, @Nullable String sourceDigest,
			@Nullable String targetDigest) {

	}

	synchronized void add(String path, Result result) {
		Outcome outcome = result.outcome();
		this.sums.merge(outcome, Sum.NONE.plus(result.size()), (before, _) -> before.plus(result.size()));
		if (!result.ownerKept()) {
			this.ownersNotKept++;
		}
		if (outcome.isLeft() || outcome == Outcome.SPECIAL) {
			if (this.kept.merge(outcome, 1, Integer::sum) <= KEPT) {
				this.details.add(new Detail(path, outcome.text(), result.reason(), text(result.source()),
						text(result.target())));
			}
			else {
				this.leftOut++;
			}
		}
	}

	private static @Nullable String text(@Nullable Digest digest) {
		return (digest != null) ? digest.toString() : null;
	}

	/**
	 * Sums by outcome, of those that there are.
	 */
	synchronized Map<String, Sum> sums() {
		Map<String, Sum> byName = new LinkedHashMap<>();
		this.sums.forEach((outcome, sum) -> byName.put(outcome.text(), sum));
		return byName;
	}

	/**
	 * How many names have been dealt with.
	 */
	synchronized Sum done() {
		return new Sum(this.sums.values().stream().mapToLong(Sum::files).sum(),
				this.sums.values().stream().mapToLong(Sum::bytes).sum());
	}

	/**
	 * How many files a person has to look at.
	 */
	synchronized long left() {
		return this.sums.entrySet()
			.stream()
			.filter((entry) -> entry.getKey().isLeft())
			.mapToLong((entry) -> entry.getValue().files())
			.sum();
	}

	synchronized List<Detail> details() {
		return List.copyOf(this.details);
	}

	synchronized long leftOut() {
		return this.leftOut;
	}

	synchronized long ownersNotKept() {
		return this.ownersNotKept;
	}

}
