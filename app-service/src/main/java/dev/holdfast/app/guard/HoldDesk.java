package dev.holdfast.app.guard;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

import dev.holdfast.app.api.ProblemException;
import dev.holdfast.app.api.ProblemType;
import dev.holdfast.app.catalog.Catalog;
import dev.holdfast.app.catalog.ChangeKind;
import dev.holdfast.app.catalog.Decided;
import dev.holdfast.app.catalog.HeldCounts;
import dev.holdfast.app.catalog.HeldFile;
import dev.holdfast.app.catalog.HeldNow;
import dev.holdfast.app.catalog.Hold;
import dev.holdfast.app.catalog.Holds;
import dev.holdfast.app.volume.Volume;
import dev.holdfast.app.volume.Volumes;
import dev.holdfast.model.VolumeName;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where a person sees what is held, and decides.
 */
public final class HoldDesk {

	private static final Logger LOG = LoggerFactory.getLogger(HoldDesk.class);

	private static final int EXAMPLES = 10;

	private static final int PAGE = 500;

	private final Holds holds;

	private final Volumes volumes;

	private final ChangeGuard guard;

	private final Approvals approvals;

	HoldDesk(Catalog catalog, Volumes volumes, ChangeGuard guard, Approvals approvals) {
		this.holds = catalog.holds();
		this.volumes = volumes;
		this.guard = guard;
		this.approvals = approvals;
	}

	/**
	 * What a decision comes to.
	 *
	 * @param decided how many changes it is about, and what is left
	 * @param back how many of the deleted files are on the volume again: nothing becomes
	 * of their deletes
	 */
	public record Decision(Decided decided, long back) {

	}

	/**
	 * The volumes of which something waits, is being recorded or was rejected.
	 */
	public List<HeldVolume> list() {
		TreeSet<VolumeName> names = new TreeSet<>();
		this.volumes.all().forEach((volume) -> names.add(volume.name()));
		this.holds.all().forEach((hold) -> names.add(hold.volume()));
		List<HeldVolume> found = new ArrayList<>();
		for (VolumeName name : names) {
			of(name).ifPresent(found::add);
		}
		return found;
	}

	/**
	 * The same of one volume.
	 * @throws ProblemException where there is no such volume, and nothing held of one
	 * that there was
	 */
	public List<HeldVolume> list(VolumeName name) {
		Optional<HeldVolume> held = of(name);
		if (held.isEmpty() && this.volumes.find(name).isEmpty()) {
			throw noSuch(name);
		}
		return held.stream().toList();
	}

	/**
	 * What waits of a volume; empty where nothing waits, is being recorded or was
	 * rejected.
	 */
	public Optional<HeldVolume> of(VolumeName volume) {
		Optional<Hold> hold = this.holds.of(volume);
		HeldNow now = this.holds.now(volume, HeldNow.ALL);
		HeldCounts counts = now.counts();
		if (hold.isEmpty() && counts.approved() == 0 && counts.rejected() == 0) {
			return Optional.empty();
		}
		return Optional.of(new HeldVolume(volume, hold.orElse(null), now, examples(volume, ChangeKind.DELETE),
				examples(volume, ChangeKind.OVERWRITE)));
	}

	private List<String> examples(VolumeName volume, ChangeKind kind) {
		return this.holds.list(volume, HeldFile.State.WAITING, kind, null, EXAMPLES)
			.stream()
			.map((held) -> held.id().path())
			.toList();
	}

	/**
	 * Approves what waits of a volume. It is recorded from now on, one after the other.
	 * @param asOf nothing that was held later, {@link HeldNow#ALL} for all that waits now
	 * @param dryRun only to see what it would come to
	 * @throws ProblemException where nothing waits
	 * @throws IOException where the volume is not available
	 */
	public Decision approve(VolumeName name, long asOf, boolean dryRun) throws IOException {
		Volume volume = this.volumes.find(name).orElseThrow(() -> noSuch(name));
		requireHold(name);
		volume.requireAvailable();
		if (dryRun) {
			return new Decision(wouldDecide(name, asOf), back(volume, asOf));
		}
		Decided decided = this.guard.of(name).approve(asOf);
		this.approvals.wake();
		log(name, "approved", decided);
		return new Decision(decided, 0);
	}

	/**
	 * Rejects what waits of a volume: the replicas stay as they are.
	 * @param asOf nothing that was held later, {@link HeldNow#ALL} for all that waits now
	 * @param dryRun only to see what it would come to
	 * @throws ProblemException where nothing waits
	 */
	public Decision reject(VolumeName name, long asOf, boolean dryRun) {
		requireHold(name);
		if (dryRun) {
			return new Decision(wouldDecide(name, asOf), 0);
		}
		Decided decided = this.guard.of(name).reject(asOf);
		log(name, "rejected", decided);
		return new Decision(decided, 0);
	}

	private static void log(VolumeName volume, String decision, Decided about) {
		LOG.atInfo()
			.addKeyValue("volume", volume)
			.addKeyValue("decision", decision)
			.addKeyValue("deletes", about.deletes())
			.addKeyValue("overwrites", about.overwrites())
			.addKeyValue("left", about.left().deletes() + about.left().overwrites())
			.log("Held changes were decided");
	}

	private Decided wouldDecide(VolumeName name, long asOf) {
		HeldCounts about = this.holds.now(name, asOf).counts();
		HeldCounts all = this.holds.counts(name);
		return new Decided(about.deletes(), about.overwrites(),
				new HeldCounts(Math.max(0, all.deletes() - about.deletes()),
						Math.max(0, all.overwrites() - about.overwrites()), all.approved(), all.rejected()));
	}

	private void requireHold(VolumeName name) {
		if (this.holds.of(name).isEmpty()) {
			if (this.volumes.find(name).isEmpty()) {
				throw noSuch(name);
			}
			throw new ProblemException(ProblemType.NOTHING_HELD,
					"Nothing of volume '" + name + "' is held: it may have been decided already");
		}
	}

	private ProblemException noSuch(VolumeName name) {
		return ProblemException.noSuchVolume(name, this.volumes.names());
	}

	private long back(Volume volume, long asOf) {
		long back = 0;
		HeldFile last = null;
		List<HeldFile> page;
		do {
			page = this.holds.list(volume.name(), HeldFile.State.WAITING, ChangeKind.DELETE, last, PAGE);
			back += page.stream()
				.filter((held) -> held.sequence() <= asOf)
				.filter((held) -> Files.exists(volume.root().resolve(held.id().path()), LinkOption.NOFOLLOW_LINKS))
				.count();
			last = page.isEmpty() ? null : page.getLast();
		}
		while (last != null && page.size() == PAGE);
		return back;
	}

}
