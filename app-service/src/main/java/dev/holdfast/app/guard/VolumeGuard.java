package dev.holdfast.app.guard;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

import dev.holdfast.app.catalog.ChangeKind;
import dev.holdfast.app.catalog.Decided;
import dev.holdfast.app.catalog.FileStamp;
import dev.holdfast.app.catalog.HeldCounts;
import dev.holdfast.app.catalog.HeldFile;
import dev.holdfast.app.catalog.Hold;
import dev.holdfast.app.catalog.Holds;
import dev.holdfast.app.catalog.Holds.Counted;
import dev.holdfast.app.catalog.Moment;
import dev.holdfast.model.Digest;
import dev.holdfast.model.MediaId;
import dev.holdfast.model.VolumeName;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts what others change on one volume, and begins a hold when it is too much. A file
 * counts once in a window, however often it changes. What is counted is in the catalog
 * too, so that a restart forgets nothing.
 */
final class VolumeGuard {

	private static final Logger LOG = LoggerFactory.getLogger(VolumeGuard.class);

	/** Counting a volume's files takes time in proportion to them. */
	private static final Duration FILES_KNOWN_FOR = Duration.ofMinutes(1);

	/** How far apart the moments are that are remembered. */
	private static final Duration BETWEEN_MOMENTS = Duration.ofSeconds(1);

	private final VolumeName name;

	private final Holds holds;

	private final Duration window;

	private final Limits limits;

	private final Clock clock;

	private final Lock lock = new ReentrantLock();

	/** The changes of the window by path, the oldest first. */
	private final Map<String, Counted> counted;

	private long deletes;

	private @Nullable Hold hold;

	/** Whether some change of this volume may be waiting or rejected. */
	private boolean anythingHeld;

	private Instant lastMoment = Instant.EPOCH;

	private long files;

	private Instant filesCounted = Instant.EPOCH;

	VolumeGuard(VolumeName name, Holds holds, Duration window, Limits limits, Clock clock) {
		this.name = name;
		this.holds = holds;
		this.window = window;
		this.limits = limits;
		this.clock = clock;
		this.counted = new LinkedHashMap<>(holds.counted(name, clock.instant().minus(window)));
		this.deletes = this.counted.values().stream().filter((one) -> one.kind() == ChangeKind.DELETE).count();
		this.hold = holds.of(name).orElse(null);
		HeldCounts counts = holds.counts(name);
		this.anythingHeld = counts.deletes() + counts.overwrites() + counts.approved() + counts.rejected() > 0;
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

	/** What a person has said of this change already. */
	private Optional<Admission> decided(MediaId id, FileStamp stamp, Digest found) {
		Optional<HeldFile> waiting = this.holds.find(id);
		return waiting.flatMap((held) -> switch (held.state()) {
			case WAITING -> Optional.empty();
			// Approved is what was seen then, and nothing that was written since.
			case APPROVED -> held.isOf(stamp, found) ? Optional.of(Admission.ADMITTED) : Optional.empty();
			case REJECTED -> {
				if (!held.isOf(stamp, found)) {
					yield Optional.empty();
				}
				if (!stamp.equals(held.stamp()) || held.digest() == null) {
					this.holds.stillRejected(id, stamp, found);
				}
				yield Optional.of(Admission.HELD);
			}
		});
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
				this.counted.clear();
				this.deletes = 0;
			}
			return decided;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * What waits as of then is rejected. What was counted counts on: where it does not
	 * end, the next change is held again.
	 */
	Decided reject(long asOf) {
		this.lock.lock();
		try {
			Decided decided = this.holds.reject(this.name, asOf);
			if (decided.isAll()) {
				this.hold = null;
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
		count(id, kind, now);
		if (present == null && this.deletes > this.limits.deleteCount()) {
			long most = this.limits.deletes(files(now));
			if (this.deletes > most) {
				begin(Hold.Kind.DELETES, now, "more than " + most + " files were deleted within " + shown());
			}
		}
		if (this.counted.size() > this.limits.changeCount()) {
			long most = this.limits.changes(files(now));
			if (this.counted.size() > most) {
				begin(Hold.Kind.CHANGES, now,
						"more than " + most + " files were overwritten or deleted within " + shown());
			}
		}
	}

	private void count(MediaId id, ChangeKind kind, Instant now) {
		Instant forget = now.minus(this.window);
		Iterator<Counted> oldest = this.counted.values().iterator();
		while (oldest.hasNext()) {
			Counted one = oldest.next();
			if (!one.at().isBefore(forget)) {
				break;
			}
			this.deletes -= isDelete(one) ? 1 : 0;
			oldest.remove();
		}
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

	private void begin(Hold.Kind kind, Instant now, String reason) {
		Hold before = this.hold;
		Instant first = this.counted.values().iterator().next().at();
		Moment lastGood = this.holds.momentBefore(this.name, first)
			.orElseGet(() -> new Moment(first, this.holds.positions()));
		if (before != null && before.lastGood().at().isBefore(lastGood.at())) {
			lastGood = before.lastGood();
		}
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

	private long files(Instant now) {
		if (now.isBefore(this.filesCounted) || !now.isBefore(this.filesCounted.plus(FILES_KNOWN_FOR))) {
			// Of the files that there were before: what waits is known still, what was
			// recorded is not.
			this.files = this.holds.files(this.name) + ((this.hold == null) ? this.deletes : 0);
			this.filesCounted = now;
		}
		return this.files;
	}

	private String shown() {
		long seconds = this.window.toSeconds();
		return (seconds % 60 == 0) ? seconds / 60 + " min" : seconds + " s";
	}

	private static boolean isDelete(Counted one) {
		return one.kind() == ChangeKind.DELETE;
	}

}
