package dev.holdfast.app.guard;

import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;

import dev.holdfast.app.catalog.ChangeKind;
import dev.holdfast.app.catalog.Holds;
import dev.holdfast.app.catalog.Holds.Counted;
import dev.holdfast.app.catalog.Moment;
import dev.holdfast.model.MediaId;
import dev.holdfast.model.VolumeName;

/**
 * The changes of a volume within the time that counts. A file counts once, however often
 * it changes. What is counted is in the catalog too, so that a restart forgets nothing.
 * For use by one thread at a time.
 */
final class ChangeWindow {

	/** How far apart the moments are that are remembered. */
	private static final Duration BETWEEN_MOMENTS = Duration.ofSeconds(1);

	private final VolumeName volume;

	private final Holds holds;

	private final Duration length;

	/** By path, the oldest first. */
	private final LinkedHashMap<String, Counted> counted;

	private long deletes;

	private Instant lastMoment = Instant.EPOCH;

	ChangeWindow(VolumeName volume, Holds holds, Duration length, Instant now) {
		this.volume = volume;
		this.holds = holds;
		this.length = length;
		this.counted = new LinkedHashMap<>(holds.counted(volume, now.minus(length)));
		this.deletes = this.counted.values().stream().filter(ChangeWindow::isDelete).count();
	}

	/** How many files were deleted. */
	long deletes() {
		return this.deletes;
	}

	/** How many files were deleted or overwritten. */
	long changes() {
		return this.counted.size();
	}

	/** Its length for people. */
	String text() {
		long seconds = this.length.toSeconds();
		return (seconds % 60 == 0) ? seconds / 60 + " min" : seconds + " s";
	}

	/**
	 * The moment before the first of the changes. Only where there is one.
	 */
	Moment lastGood() {
		Instant first = this.counted.firstEntry().getValue().at();
		return this.holds.momentBefore(this.volume, first).orElseGet(() -> new Moment(first, this.holds.positions()));
	}

	void count(MediaId id, ChangeKind kind, Instant now) {
		if (!this.counted.isEmpty() && this.counted.lastEntry().getValue().at().isAfter(now)) {
			setBack(now);
		}
		Instant forget = now.minus(this.length);
		forget(forget);
		Counted before = this.counted.get(id.path());
		Counted change = new Counted(kind, (before == null) ? now : before.at());
		this.deletes += (isDelete(change) ? 1 : 0) - ((before != null && isDelete(before)) ? 1 : 0);
		this.counted.put(id.path(), change);
		Moment moment = null;
		if (!now.isBefore(this.lastMoment.plus(BETWEEN_MOMENTS)) || now.isBefore(this.lastMoment)) {
			moment = new Moment(now, this.holds.positions());
			this.lastMoment = now;
		}
		this.holds.count(id, kind, now, forget, moment);
	}

	/**
	 * Takes what was counted later than now as of now. The clock was wrong and has been
	 * set back: otherwise these changes would count until it gets there again, and all
	 * that come after them with them.
	 */
	private void setBack(Instant now) {
		this.counted.replaceAll((_, one) -> one.at().isAfter(now) ? new Counted(one.kind(), now) : one);
		this.holds.setBack(this.volume, now);
	}

	private void forget(Instant before) {
		Iterator<Counted> oldest = this.counted.values().iterator();
		while (oldest.hasNext()) {
			Counted one = oldest.next();
			if (!one.at().isBefore(before)) {
				break;
			}
			this.deletes -= isDelete(one) ? 1 : 0;
			oldest.remove();
		}
	}

	/**
	 * Counts from nothing on; the catalog's part of it is the caller's.
	 */
	void clear() {
		this.counted.clear();
		this.deletes = 0;
	}

	private static boolean isDelete(Counted one) {
		return one.kind() == ChangeKind.DELETE;
	}

}
