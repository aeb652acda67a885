package dev.holdfast.app.guard;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import dev.holdfast.app.catalog.HeldNow;
import dev.holdfast.app.catalog.Hold;
import dev.holdfast.model.Topics;
import dev.holdfast.model.VolumeName;
import org.jspecify.annotations.Nullable;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * Shows what is held, and takes decisions.
 */
@RestController
class HoldsController {

	private final HoldDesk desk;

	HoldsController(HoldDesk desk) {
		this.desk = desk;
	}

	/**
	 * The volumes of which something waits, is being recorded or was rejected.
	 * @param volume only this one, {@code null} for all
	 */
	@GetMapping("/api/v1/holds")
	HoldsView holds(@RequestParam(required = false) @Nullable String volume) {
		List<HeldVolume> held = (volume == null || volume.isEmpty()) ? this.desk.list()
				: this.desk.list(new VolumeName(volume));
		return new HoldsView(held.stream().map(HeldVolumeView::of).toList());
	}

	/**
	 * Approves what waits of a volume.
	 * @param asOf what the caller was shown, {@code null} for all that waits now
	 */
	@PostMapping("/api/v1/holds/{volume}/approve")
	DecisionView approve(@PathVariable String volume,
			@RequestParam(name = "as-of", required = false) @Nullable Long asOf,
			@RequestParam(name = "dry-run", defaultValue = "false") boolean dryRun) throws IOException {
		return DecisionView.of(volume, "approve", dryRun,
				this.desk.approve(new VolumeName(volume), orAll(asOf), dryRun));
	}

	/**
	 * Rejects what waits of a volume.
	 * @param asOf what the caller was shown, {@code null} for all that waits now
	 */
	@PostMapping("/api/v1/holds/{volume}/reject")
	DecisionView reject(@PathVariable String volume,
			@RequestParam(name = "as-of", required = false) @Nullable Long asOf,
			@RequestParam(name = "dry-run", defaultValue = "false") boolean dryRun) {
		return DecisionView.of(volume, "reject", dryRun, this.desk.reject(new VolumeName(volume), orAll(asOf), dryRun));
	}

	private static long orAll(@Nullable Long asOf) {
		return (asOf == null) ? HeldNow.ALL : asOf;
	}

	/**
	 * All that waits as the API shows it.
	 */
	record HoldsView(List<HeldVolumeView> volumes) {

	}

	/**
	 * A volume as the API shows it.
	 */
	record HeldVolumeView(String volume, @Nullable HoldView hold, long approving, long rejected) {

		private static HeldVolumeView of(HeldVolume held) {
			Hold hold = held.hold();
			return new HeldVolumeView(held.volume().value(), (hold == null) ? null : HoldView.of(hold, held),
					held.now().counts().approved(), held.now().counts().rejected());
		}

	}

	/**
	 * A hold as the API shows it.
	 */
	record HoldView(String holds, Instant since, String reason, long deletes, long overwrites, long asOf,
			@Nullable Instant latest, Examples examples, LastGood lastGood) {

		private static HoldView of(Hold hold, HeldVolume held) {
			return new HoldView(switch (hold.kind()) {
				case DELETES -> "deletes";
				case CHANGES -> "deletes-and-overwrites";
			}, hold.since(), hold.reason(), held.now().counts().deletes(), held.now().counts().overwrites(),
					held.now().asOf(), held.now().latest(), new Examples(held.deleted(), held.overwritten()),
					new LastGood(hold.lastGood().at(), Topics.EVENTS, hold.lastGood().positions()));
		}

	}

	/**
	 * Some of the files that wait, by path.
	 */
	record Examples(List<String> deletes, List<String> overwrites) {

	}

	/**
	 * The moment before the changes began, and where the topic was then.
	 */
	record LastGood(Instant at, String topic, Map<Integer, Long> positions) {

	}

	/**
	 * A decision as the API shows it.
	 */
	record DecisionView(String volume, String decision, boolean dryRun, long deletes, long overwrites, long back,
			Left left) {

		private static DecisionView of(String volume, String word, boolean dryRun, HoldDesk.Decision decision) {
			return new DecisionView(volume, word, dryRun, decision.decided().deletes(), decision.decided().overwrites(),
					decision.back(),
					new Left(decision.decided().left().deletes(), decision.decided().left().overwrites()));
		}

	}

	/**
	 * What waits still after a decision: it was held later than what that was about.
	 */
	record Left(long deletes, long overwrites) {

	}

}
