package dev.holdfast.app.guard;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BinaryOperator;
import java.util.stream.Stream;

import dev.holdfast.app.catalog.ChangeKind;
import dev.holdfast.app.catalog.Decided;
import dev.holdfast.app.catalog.FileStamp;
import dev.holdfast.app.catalog.HeldCounts;
import dev.holdfast.app.catalog.HeldFile;
import dev.holdfast.app.catalog.Hold;
import dev.holdfast.app.catalog.Holds;
import dev.holdfast.app.catalog.Moment;
import dev.holdfast.app.catalog.Rejections;
import dev.holdfast.app.catalog.Rejections.Rejection;
import dev.holdfast.model.Digest;
import dev.holdfast.model.MediaId;
import dev.holdfast.model.VolumeName;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Begins a hold when others change too much on one volume, and knows what a person has
 * said of it.
 */
final class VolumeGuard {

	private static final Logger LOG = LoggerFactory.getLogger(VolumeGuard.class);

	private final VolumeName name;

	private final Holds holds;

	private final Rejections rejections;

	private final Duration length;

	private final Limits limits;

	private final Clock clock;

	private final Lock lock = new ReentrantLock();

	private final ChangeWindow window;

	private @Nullable Hold hold;

	/** What was decided last, where that was a rejection. */
	private @Nullable Rejection rejected;

	/** Whether some change of this volume may be waiting or rejected. */
	private boolean anythingHeld;

	VolumeGuard(VolumeName name, Holds holds, Duration window, Limits limits, Clock clock) {
		this.name = name;
		this.holds = holds;
		this.rejections = holds.rejections();
		this.length = window;
		this.window = new ChangeWindow(name, holds, window, clock.instant());
		this.limits = limits;
		this.clock = clock;
		this.hold = holds.of(name).orElse(null);
		this.rejected = this.rejections.last(name).orElse(null);
		HeldCounts counts = holds.counts(name);
		this.anythingHeld = counts.deletes() + counts.overwrites() + counts.approved() + counts.rejected() > 0
				|| this.rejections.any(name);
	}

	/**
	 * Counts a delete that is to be decided in a moment.
	 * @return whether it need not wait for that, because it will be held
	 */
	boolean countDelete(MediaId id) {
		this.lock.lock();
		try {
			weigh(id, ChangeKind.DELETE, this.clock.instant());
			return this.hold != null;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Whether a delete may be recorded. Where not, it waits from now on, or is about to
	 * be recorded as approved.
	 */
	Admission admitDelete(MediaId id) {
		this.lock.lock();
		try {
			if (this.anythingHeld && isApprovedDelete(id)) {
				// Seen twice: with its directory, too.
				return Admission.HELD;
			}
			Instant now = this.clock.instant();
			weigh(id, ChangeKind.DELETE, now);
			if (this.hold == null) {
				return Admission.ADMITTED;
			}
			this.holds.holdDelete(id, now);
			this.anythingHeld = true;
			return Admission.HELD;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Whether other bytes of a file may be recorded. Where not, they wait from now on.
	 */
	Admission admitOverwrite(MediaId id, FileStamp stamp, Digest found) {
		this.lock.lock();
		try {
			Optional<Admission> decided = this.anythingHeld ? decided(id, stamp, found) : Optional.empty();
			if (decided.isPresent()) {
				return decided.get();
			}
			Instant now = this.clock.instant();
			weigh(id, ChangeKind.OVERWRITE, now);
			Hold present = this.hold;
			if (present == null || present.kind() == Hold.Kind.DELETES) {
				return Admission.ADMITTED;
			}
			this.holds.holdOverwrite(id, now, stamp, found);
			this.anythingHeld = true;
			return Admission.HELD;
		}
		finally {
			this.lock.unlock();
		}
	}

	private boolean isApprovedDelete(MediaId id) {
		return this.holds.find(id)
			.filter((held) -> held.state() == HeldFile.State.APPROVED && held.kind() == ChangeKind.DELETE)
			.isPresent();
	}

	/**
	 * Whether bytes of the file were rejected, and nothing was recorded of it since: then
	 * a delete of it says nothing of what is recorded, which went before.
	 */
	boolean isRejected(MediaId id) {
		this.lock.lock();
		try {
			return this.anythingHeld && this.rejections.concern(id);
		}
		finally {
			this.lock.unlock();
		}
	}

	/** What a person has said of this change already. */
	private Optional<Admission> decided(MediaId id, FileStamp stamp, Digest found) {
		Optional<HeldFile> held = this.holds.find(id);
		// Of the bytes of earlier versions of Holdfast only the stamp is known.
		Optional<HeldFile> rejected = held.filter((one) -> one.state() == HeldFile.State.REJECTED)
			.filter((one) -> one.isOf(stamp, found));
		if (rejected.isPresent() || this.rejections.concern(id, found)) {
			if (rejected.filter((one) -> stamp.equals(one.stamp()) && one.digest() != null).isEmpty()) {
				this.rejections.seen(id, this.clock.instant(), stamp, found);
			}
			return Optional.of(Admission.HELD);
		}
		// Approved is what was seen then, and nothing that was written since.
		return held.filter((one) -> one.state() == HeldFile.State.APPROVED)
			.filter((one) -> one.isOf(stamp, found))
			.map((_) -> Admission.ADMITTED);
	}

	/**
	 * What waits as of then is approved. Where that is all of it, counting begins anew.
	 */
	Decided approve(long asOf) {
		this.lock.lock();
		try {
			Decided decided = this.holds.approve(this.name, asOf);
			if (decided.isAll()) {
				this.hold = null;
				this.rejected = null;
				this.window.clear();
			}
			return decided;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * What waits as of then is rejected. Where it does not end, the next change is held
	 * again.
	 */
	Decided reject(long asOf) {
		this.lock.lock();
		try {
			Decided decided = this.holds.reject(this.name, asOf);
			if (decided.isAll()) {
				this.hold = null;
				this.rejected = this.rejections.last(this.name).orElse(null);
			}
			return decided;
		}
		finally {
			this.lock.unlock();
		}
	}

	private void weigh(MediaId id, ChangeKind kind, Instant now) {
		Hold present = this.hold;
		if (present != null && present.kind() == Hold.Kind.CHANGES) {
			// Nothing more to find out, and what is counted would grow with what waits.
			return;
		}
		this.window.count(id, kind, now);
		Rejection before = ongoing(now);
		if (present == null && before != null
				&& (kind == ChangeKind.DELETE || before.hold().kind() == Hold.Kind.CHANGES)) {
			// While they waited, overwrites were not counted: the window knows nothing of
			// them.
			begin(before.hold().kind(), now, "changes went on within " + this.window.text() + " of rejected ones");
		}
		if (this.hold == null && this.window.deletes() > this.limits.deleteCount()) {
			long most = this.limits.deletes(files());
			if (this.window.deletes() > most) {
				begin(Hold.Kind.DELETES, now, "more than " + most + " files were deleted within " + this.window.text());
			}
		}
		if (this.window.changes() > this.limits.changeCount()) {
			long most = this.limits.changes(files());
			if (this.window.changes() > most) {
				begin(Hold.Kind.CHANGES, now,
						"more than " + most + " files were overwritten or deleted within " + this.window.text());
			}
		}
	}

	/**
	 * What was rejected, where its last change was so late that more may belong to it.
	 */
	private @Nullable Rejection ongoing(Instant now) {
		Rejection last = this.rejected;
		// Also where the clock was set back, but not until it gets there again.
		return (last != null && Duration.between(last.last(), now).abs().compareTo(this.length) <= 0) ? last : null;
	}

	private Moment lastGood(Instant now) {
		Rejection ongoing = ongoing(now);
		Moment before = this.window.lastGood();
		return Stream.of(this.hold, (ongoing == null) ? null : ongoing.hold())
			.filter(Objects::nonNull)
			.map(Hold::lastGood)
			.reduce(before, BinaryOperator.minBy(Comparator.comparing(Moment::at)));
	}

	private void begin(Hold.Kind kind, Instant now, String reason) {
		Hold before = this.hold;
		Moment lastGood = lastGood(now);
		Hold begun = new Hold(this.name, kind, (before == null) ? now : before.since(), reason, lastGood);
		this.holds.open(begun);
		this.hold = begun;
		LOG.atError()
			.addKeyValue("volume", this.name)
			.addKeyValue("held", (kind == Hold.Kind.DELETES) ? "deletes" : "deletes and overwrites")
			.addKeyValue("reason", reason)
			.addKeyValue("lastGood", lastGood.at())
			.addKeyValue("positions", lastGood.positions())
			.log("Changes of a volume are held until a person has looked: './holdfast deletes list' shows them,"
					+ " 'approve' or 'reject' decides");
	}

	private long files() {
		// Of the files that there were before: what waits is known still, what was
		// recorded is not.
		return this.holds.files(this.name) + ((this.hold == null) ? this.window.deletes() : 0);
	}

}
