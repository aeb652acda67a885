package dev.holdfast.app.watch;

import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * How a volume is watched.
 *
 * @param mode {@code inotify}, {@code polling} or {@code off}
 * @param since since when it is watched that way
 * @param watches how many directories are watched
 * @param gaps how many gaps were recorded since the start
 * @param closing whether a gap is being closed by a scan
 * @param settling how many names wait to be looked at
 * @param refusedNames how many names were left out because no media file can have them
 * @param byTimeAlone how many files were taken for finished because they had been still
 * for the settle time, as the system does not tell who has them open
 * @param unfinished files that were looked at and are not finished, the longest first
 * @param reason why it is not watched, or not as well as it could be
 */
public record WatchStatus(String mode, @Nullable Instant since, long watches, long gaps, boolean closing, long settling,
		long refusedNames, long byTimeAlone, List<Unfinished> unfinished, @Nullable String reason) {

	/**
	 * Copies the list.
	 */
	public WatchStatus {
		unfinished = List.copyOf(unfinished);
	}

	/**
	 * A file that does not get finished, and so is not replicated as it is now.
	 *
	 * @param path relative to the volume's root
	 * @param since since when it is waited for
	 * @param reason what it is waited for
	 */
	public record Unfinished(String path, Instant since, @Nullable String reason) {

	}

}
