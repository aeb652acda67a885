package dev.holdfast.app.scan;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

import dev.holdfast.app.catalog.FileStamp;
import dev.holdfast.app.scan.WriterProbe.Answer;
import dev.holdfast.app.volume.FileStat;
import dev.holdfast.app.volume.Place;
import dev.holdfast.model.MediaId;
import dev.holdfast.model.VolumeName;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells whether a file is finished: nobody has it open for writing and it has been still
 * for a moment; where the system does not tell who has it open, when it has been still
 * for the settle time. Safe for use by many threads.
 * <p>
 * A file is still since its times say so. Where these are yet to come, because the clock
 * of another machine or of the past was ahead, they say nothing: then it is still since
 * this process first saw it so.
 */
final class Stillness {

	private static final Logger LOG = LoggerFactory.getLogger(Stillness.class);

	/** How many files with times that are yet to come are remembered. */
	private static final int MOST_SEEN = 20_000;

	private final WriterProbe probe;

	private final ScanSettings settings;

	private final Clock clock;

	private final LongSupplier nanoTime;

	private final Map<MediaId, Sight> ahead = new LinkedHashMap<>() {

		@Override
		protected boolean removeEldestEntry(Map.Entry<MediaId, Sight> eldest) {
			return size() > MOST_SEEN;
		}

	};

	private final Map<VolumeName, AtomicLong> byTimeAlone = new ConcurrentHashMap<>();

	/**
	 * For all volumes.
	 * @param clock the wall clock, which file systems have, too
	 * @param nanoTime for what no time of a file tells
	 */
	Stillness(WriterProbe probe, ScanSettings settings, Clock clock, LongSupplier nanoTime) {
		this.probe = probe;
		this.settings = settings;
		this.clock = clock;
		this.nanoTime = nanoTime;
	}

	private record Sight(FileStamp stamp, long first) {

	}

	/** Whether a file may be read now. */
	enum Verdict {

		/** Not yet. */
		UNFINISHED,

		/** Nobody writes it. */
		FINISHED,

		/** It has been still for the settle time, and nothing else is known. */
		STILL

	}

	/**
	 * Whether the file may be read now.
	 */
	Verdict of(MediaId id, Place place, FileStat seen) {
		Duration still = still(id, seen.stamp());
		if (still.compareTo(this.settings.settleClosed()) < 0) {
			return Verdict.UNFINISHED;
		}
		Verdict verdict = switch (openForWriting(place, seen)) {
			case WRITTEN -> Verdict.UNFINISHED;
			case NOT_WRITTEN -> Verdict.FINISHED;
			case UNKNOWN -> (still.compareTo(this.settings.settle()) < 0) ? Verdict.UNFINISHED : Verdict.STILL;
		};
		if (verdict != Verdict.UNFINISHED) {
			forget(id);
		}
		return verdict;
	}

	Answer openForWriting(Place place, FileStat seen) {
		return this.probe.openForWriting(place, seen);
	}

	/**
	 * How long until it will have been still long enough for a file that nobody has open;
	 * after that, until it will have been for any file.
	 * @return zero or less where it has been still for the settle time
	 */
	Duration untilSettled(FileStamp stamp) {
		Instant now = this.clock.instant();
		Instant touched = touched(stamp, now);
		if (touched.isAfter(now)) {
			return this.settings.settle();
		}
		Duration closed = Duration.between(now, touched.plus(this.settings.settleClosed()));
		return closed.isPositive() ? closed : Duration.between(now, touched.plus(this.settings.settle()));
	}

	/**
	 * The file was recorded although nothing but its times told that it was finished.
	 */
	void wentByTimeAlone(MediaId id) {
		if (this.byTimeAlone.computeIfAbsent(id.volume(), (_) -> new AtomicLong()).incrementAndGet() == 1) {
			LOG.atWarn()
				.addKeyValue("media", id)
				.addKeyValue("settle", this.settings.settle())
				.log("The system does not tell app-service who writes this file. Files like it are taken for finished"
						+ " when they have been still for the settle time, so that a program that pauses for longer may"
						+ " have an unfinished one replicated until it closes it. Where the files are another user's,"
						+ " run app-service as that user, or with CAP_LEASE");
		}
	}

	/**
	 * How many files of the volume were recorded so.
	 */
	long byTimeAlone(VolumeName volume) {
		AtomicLong count = this.byTimeAlone.get(volume);
		return (count == null) ? 0 : count.get();
	}

	private Duration still(MediaId id, FileStamp stamp) {
		Instant now = this.clock.instant();
		Instant touched = touched(stamp, now);
		if (!touched.isAfter(now)) {
			return Duration.between(touched, now);
		}
		long nanos = this.nanoTime.getAsLong();
		synchronized (this.ahead) {
			@Nullable Sight before = this.ahead.get(id);
			if (before != null && before.stamp().equals(stamp)) {
				return Duration.ofNanos(nanos - before.first());
			}
			this.ahead.remove(id);
			this.ahead.put(id, new Sight(stamp, nanos));
			return Duration.ZERO;
		}
	}

	private void forget(MediaId id) {
		synchronized (this.ahead) {
			this.ahead.remove(id);
		}
	}

	/**
	 * Programs set the one time, also to one that is yet to come; the other only the
	 * kernel sets.
	 */
	private static Instant touched(FileStamp stamp, Instant now) {
		Instant changed = Instant.EPOCH.plusNanos(stamp.changedNanos());
		Instant modified = Instant.EPOCH.plusNanos(stamp.modifiedNanos());
		return (modified.isAfter(now) || modified.isBefore(changed)) ? changed : modified;
	}

}
