package dev.holdfast.app.scan;

import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

import dev.holdfast.model.VolumeName;
import org.jspecify.annotations.Nullable;

/**
 * A scan that was asked for, from then until it is over.
 */
final class ScanJob {

	private static final ScanProgress WAITING = new ScanProgress(ScanProgress.Phase.WAITING, 0, 0, 0, 0, 0, 0, 0, null);

	private final long id;

	private final VolumeName volume;

	private final String subtree;

	private final ScanCause cause;

	private final boolean checksum;

	private final Set<Long> others = new HashSet<>();

	private final CompletableFuture<ScanReport> future = new CompletableFuture<>();

	private volatile @Nullable Instant from;

	private volatile @Nullable VolumeScan scan;

	private volatile @Nullable ScanReport report;

	ScanJob(long id, VolumeName volume, String subtree, ScanCause cause, boolean checksum) {
		this.id = id;
		this.volume = volume;
		this.subtree = subtree;
		this.cause = cause;
		this.checksum = checksum;
	}

	long id() {
		return this.id;
	}

	String subtree() {
		return this.subtree;
	}

	ScanCause cause() {
		return this.cause;
	}

	boolean checksum() {
		return this.checksum;
	}

	boolean isWhole() {
		return this.subtree.isEmpty();
	}

	CompletableFuture<ScanReport> future() {
		return this.future;
	}

	/**
	 * Whether this one does all that the other would.
	 */
	boolean covers(ScanJob other) {
		return (this.checksum || !other.checksum)
				&& (isWhole() || this.subtree.equals(other.subtree) || other.subtree.startsWith(this.subtree + "/"));
	}

	/**
	 * Does the other one's work, too.
	 */
	void take(ScanJob other) {
		this.others.add(other.id);
		this.others.addAll(other.others);
		CompletableFuture<ScanReport> _ = this.future.whenComplete((done, met) -> {
			if (met == null) {
				other.future.complete(done);
			}
			else {
				other.future.completeExceptionally(met);
			}
		});
	}

	/**
	 * Whether it is the one of that number, or does its work.
	 */
	boolean answersTo(long number) {
		return this.id == number || this.others.contains(number);
	}

	void begin(VolumeScan begun) {
		this.from = Instant.now();
		this.scan = begun;
	}

	@Nullable VolumeScan scan() {
		return this.scan;
	}

	/**
	 * The report of what was found.
	 * @param trouble why it ended early, {@code null} where it did not
	 */
	ScanReport end(@Nullable String trouble) {
		ScanReport made = report(trouble);
		this.report = made;
		return made;
	}

	private ScanReport report(@Nullable String trouble) {
		Instant now = Instant.now();
		Instant begun = this.from;
		VolumeScan made = this.scan;
		Findings found = (made == null) ? new Findings() : made.findings();
		return new ScanReport(this.id, this.volume, this.subtree, this.cause, this.checksum,
				(begun == null) ? now : begun, now, trouble, found.seenSoFar(), found.counts(), found.names());
	}

	ScanView view() {
		VolumeScan present = this.scan;
		ScanReport made = this.report;
		return new ScanView(this.id, this.volume, this.subtree, this.cause, this.checksum, this.from,
				(present == null) ? WAITING : present.progress(),
				(made != null || present == null) ? made : report(null));
	}

}
