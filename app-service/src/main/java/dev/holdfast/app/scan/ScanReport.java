package dev.holdfast.app.scan;

import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

import dev.holdfast.model.VolumeName;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a scan found. Of names that a person may have to look at the first few are listed.
 *
 * @param id numbers the scans since the start of app-service
 * @param volume the volume
 * @param subtree the directory that was scanned, empty for the whole volume
 * @param cause why
 * @param checksum whether every file was read, and not only those whose stamp differed
 * @param from when it began
 * @param until when it ended
 * @param trouble why it ended early, {@code null} where it came to its end
 * @param seen how many names it came to
 * @param counts what they were; together, without {@link Scanned#MISSING}, as many as
 * were seen
 * @param names the first names of each kind that asks for attention, relative to the
 * volume's root
 */
public record ScanReport(long id, VolumeName volume, String subtree, ScanCause cause, boolean checksum, Instant from,
		Instant until, @Nullable String trouble, long seen, Map<Scanned, Long> counts,
		Map<Scanned, List<String>> names) {

	private static final Logger LOG = LoggerFactory.getLogger(ScanReport.class);

	/**
	 * Copies the maps.
	 */
	public ScanReport {
		Map<Scanned, Long> copied = new EnumMap<>(Scanned.class);
		copied.putAll(counts);
		counts = Map.copyOf(copied);
		names = Map.copyOf(names);
	}

	/**
	 * How many names were of this kind.
	 */
	public long count(Scanned kind) {
		return this.counts.getOrDefault(kind, 0L);
	}

	/**
	 * How many files were recorded and their events published.
	 */
	public long published() {
		return count(Scanned.PUBLISHED);
	}

	/**
	 * How many files were read and had the bytes that are recorded.
	 */
	public long sameBytes() {
		return count(Scanned.SAME_BYTES);
	}

	/**
	 * How many files are known and not there.
	 */
	public long missing() {
		return count(Scanned.MISSING);
	}

	/**
	 * How many files and directories could not be read.
	 */
	public long unreadable() {
		return count(Scanned.UNREADABLE);
	}

	/**
	 * How many files the guard did not let be recorded.
	 */
	public long heldBack() {
		return count(Scanned.HELD_BACK);
	}

	/**
	 * Whether it came to its end.
	 */
	public boolean complete() {
		return this.trouble == null;
	}

	/**
	 * Tells the log of a scan that came to its end.
	 */
	void tell() {
		// What the watcher asks for again and again is told of where it found something.
		boolean quiet = this.cause == ScanCause.POLL && published() == 0;
		(this.subtree.isEmpty() && !quiet ? LOG.atInfo() : LOG.atDebug()).addKeyValue("volume", this.volume)
			.addKeyValue("subtree", this.subtree)
			.addKeyValue("cause", this.cause)
			.addKeyValue("seen", this.seen)
			.addKeyValue("published", published())
			.addKeyValue("missing", missing())
			.addKeyValue("damaged", count(Scanned.DAMAGED))
			.addKeyValue("heldBack", heldBack())
			.addKeyValue("refused", count(Scanned.REFUSED_NAME))
			.addKeyValue("unreadable", unreadable())
			.addKeyValue("seconds", Duration.between(this.from, this.until).toSeconds())
			.log("Volume scanned");
	}

}
