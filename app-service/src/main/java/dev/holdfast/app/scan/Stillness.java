package dev.holdfast.app.scan;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

import dev.holdfast.app.catalog.FileStamp;
import dev.holdfast.app.scan.WriterProbe.Answer;
import dev.holdfast.app.volume.FileStat;
import dev.holdfast.app.volume.Place;
import dev.holdfast.model.MediaId;
import dev.holdfast.model.VolumeName;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells whether a file is finished: nobody has it open for writing and it has been still
 * for a moment; where the system does not tell who has it open, when it has been still
 * for the settle time. Safe for use by many threads.
 */
final class Stillness {

	private static final Logger LOG = LoggerFactory.getLogger(Stillness.class);

	private final WriterProbe probe;

	private final ScanSettings settings;

	private final Clock clock;

	private final Map<VolumeName, AtomicLong> byTimeAlone = new ConcurrentHashMap<>();

	Stillness(WriterProbe probe, ScanSettings settings, Clock clock) {
		this.probe = probe;
		this.settings = settings;
		this.clock = clock;
	}

	/**
	 * Whether the file may be read now.
	 */
	boolean isFinished(MediaId id, Place place, FileStat seen) {
		if (left(seen.stamp(), this.settings.settleClosed()).isPositive()) {
			return false;
		}
		return switch (openForWriting(place, seen)) {
			case WRITTEN -> false;
			case NOT_WRITTEN -> true;
			case UNKNOWN -> {
				boolean still = !left(seen.stamp(), this.settings.settle()).isPositive();
				if (still) {
					wentByTimeAlone(id);
				}
				yield still;
			}
		};
	}

	Answer openForWriting(Place place, FileStat seen) {
		return this.probe.openForWriting(place, seen);
	}

	/**
	 * How many files of the volume were taken for finished because of their times alone.
	 */
	long byTimeAlone(VolumeName volume) {
		AtomicLong count = this.byTimeAlone.get(volume);
		return (count == null) ? 0 : count.get();
	}

	/**
	 * How long until it will have been still long enough for a file that nobody has open;
	 * after that, until it will have been for any file.
	 * @return zero or less where it has been still for the settle time
	 */
	Duration untilSettled(FileStamp stamp) {
		Duration closed = left(stamp, this.settings.settleClosed());
		return closed.isPositive() ? closed : left(stamp, this.settings.settle());
	}

	private Duration left(FileStamp stamp, Duration still) {
		Instant now = this.clock.instant();
		Instant changed = Instant.EPOCH.plusNanos(stamp.changedNanos());
		Instant modified = Instant.EPOCH.plusNanos(stamp.modifiedNanos());
		// Programs set the one time, also to one that is yet to come; the other only the
		// kernel sets.
		Instant touched = (modified.isAfter(now) || modified.isBefore(changed)) ? changed : modified;
		// Where that too is from the future it says nothing: the file is only looked at
		// twice.
		return touched.isAfter(now) ? Duration.ZERO : Duration.between(now, touched.plus(still));
	}

	private void wentByTimeAlone(MediaId id) {
		if (this.byTimeAlone.computeIfAbsent(id.volume(), (_) -> new AtomicLong()).incrementAndGet() == 1) {
			LOG.atWarn()
				.addKeyValue("media", id)
				.addKeyValue("settle", this.settings.settle())
				.log("The system does not tell app-service who writes this file. Files like it are taken for finished"
						+ " when they have been still for the settle time, so that a program that pauses for longer may"
						+ " have an unfinished one replicated until it closes it. Run app-service as the files' owner,"
						+ " or with CAP_LEASE");
		}
	}

}
