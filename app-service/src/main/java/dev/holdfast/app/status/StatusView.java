package dev.holdfast.app.status;

import java.time.Instant;
import java.util.List;
import java.util.Map;

import dev.holdfast.app.catalog.HeldCounts;
import dev.holdfast.app.catalog.Hold;
import dev.holdfast.app.catalog.MalformedRecord;
import dev.holdfast.app.catalog.Totals;
import dev.holdfast.app.guard.HeldVolume;
import dev.holdfast.app.scan.ScanJson;
import dev.holdfast.app.status.StoreStates.StoreState;
import dev.holdfast.app.watch.WatchStatus;
import dev.holdfast.kafka.TopicFinding;
import org.jspecify.annotations.Nullable;

/**
 * The state of everything as the API shows it. In files and in bytes
 * {@code known = replicated + pending + retrying + deadLettered}.
 */
record StatusView(Sums files, Sums bytes, long deleted, long missing, long damaged,
		@Nullable Long oldestUnreplicatedAgeSeconds, Outbox outbox, Part kafka, List<StoreState> stores,
		List<VolumeView> volumes, List<TopicFinding> topics, Projected projection) {

	/** One number for each state. */
	record Sums(long known, long replicated, long pending, long retrying, long deadLettered) {

		static Sums files(Totals totals) {
			return new Sums(totals.known().files(), totals.replicated().files(), totals.pending().files(),
					totals.retrying().files(), totals.deadLettered().files());
		}

		static Sums bytes(Totals totals) {
			return new Sums(totals.known().bytes(), totals.replicated().bytes(), totals.pending().bytes(),
					totals.retrying().bytes(), totals.deadLettered().bytes());
		}

	}

	/** What Kafka has yet to acknowledge. */
	record Outbox(long waiting, @Nullable Long oldestAgeSeconds, @Nullable String reason) {

	}

	/** Something that is {@code up} or {@code down}. */
	record Part(String state, @Nullable String reason) {

	}

	/** A volume, and what the scan of it has found that is under way or was the last. */
	record VolumeView(String name, String path, String state, @Nullable String reason, Scan scan, WatchStatus watch,
			@Nullable Held hold) {

	}

	/** Changes that wait for a person, and what waited and was decided. */
	record Held(@Nullable String reason, @Nullable Instant since, long deletes, long overwrites, long approving,
			long rejected, @Nullable Instant lastGood) {

		static @Nullable Held of(@Nullable HeldVolume held) {
			if (held == null) {
				return null;
			}
			Hold hold = held.hold();
			HeldCounts counts = held.now().counts();
			return new Held((hold == null) ? null : hold.reason(), (hold == null) ? null : hold.since(),
					counts.deletes(), counts.overwrites(), counts.approved(), counts.rejected(),
					(hold == null) ? null : hold.lastGood().at());
		}

	}

	/** A scan. */
	record Scan(String state, long seen, Map<String, Long> found, @Nullable ScanJson last) {

	}

	/** How far the topics have been read. */
	record Projected(boolean caughtUp, @Nullable String reason, long malformed, List<MalformedRecord> lastMalformed) {

	}

}
