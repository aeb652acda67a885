package dev.holdfast.app.watch;

import java.time.Instant;

import dev.holdfast.model.WatchGap.Reason;
import org.jspecify.annotations.Nullable;

/**
 * Hands on what was seen on a volume: files have to settle; where no more of them can
 * wait, or something may have been missed, directories are gaps. Safe for use by many
 * threads.
 */
final class Sightings {

	private final Settling settling;

	private final Gaps gaps;

	/** Which taking of the volume is watched: what is seen to go, goes from that one. */
	private final long generation;

	/** Everything before this moment has been read. */
	private volatile Instant whole;

	Sightings(Settling settling, Gaps gaps, long generation, Instant whole) {
		this.settling = settling;
		this.gaps = gaps;
		this.generation = generation;
		this.whole = whole;
	}

	long generation() {
		return this.generation;
	}

	/**
	 * Until when nothing was missed.
	 */
	Instant whole() {
		return this.whole;
	}

	void whole(Instant until) {
		this.whole = until;
	}

	/**
	 * Something happened to a file.
	 * @param closed as of {@link Settling#touched}
	 */
	void touched(String path, @Nullable Boolean closed) {
		take(path, this.settling.touched(path, closed));
	}

	/**
	 * A file was given another name.
	 */
	void renamed(String from, String to) {
		take(to, this.settling.renamed(from, to, this.generation));
	}

	/**
	 * A file was found in a directory that appeared.
	 * @return whether it waits, as one of the findings
	 */
	boolean found(String path, FoundFiles findings, @Nullable String former) {
		return take(path, this.settling.found(path, findings, former, this.generation));
	}

	/**
	 * A name was seen to go.
	 */
	void gone(String path, boolean directory) {
		take(path, this.settling.gone(path, directory, this.generation));
	}

	/**
	 * A directory is not watched any more, or could not be.
	 */
	void lost(String directory) {
		this.settling.missed(directory);
		this.gaps.missed(directory, Reason.WATCH_LOST, this.whole);
	}

	/**
	 * Beyond what can wait, directories are scanned instead of files being remembered.
	 */
	private boolean take(String path, boolean taken) {
		if (!taken) {
			int slash = path.lastIndexOf('/');
			this.gaps.missed((slash < 0) ? "" : path.substring(0, slash), Reason.OVERFLOW, this.whole);
		}
		return taken;
	}

}
