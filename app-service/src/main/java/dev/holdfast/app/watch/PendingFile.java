package dev.holdfast.app.watch;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * A name on which something has happened, until that is dealt with. What can be changed
 * of it is changed and read under the lock of {@link Settling} only, but for what the one
 * who works on it notes.
 */
final class PendingFile {

	private final String path;

	private final boolean directory;

	private final Instant since;

	private final long begun;

	/** Which taking of the volume it was seen in that names are gone. */
	private long seenIn;

	/** Other names that the file had, and that are gone. */
	private final List<String> formerPaths = new ArrayList<>();

	/** Those of them that the work under way is to deal with. */
	private final List<String> formerInWork = new ArrayList<>();

	/** The findings that it is one of. */
	final List<FoundFiles> findings = new ArrayList<>();

	/** Whether no writer is known that has yet to close it. */
	private boolean closed = true;

	/** Whether it has been given its name while it was not closed. */
	private boolean moved;

	/** Whether the name was seen to go. */
	boolean gone;

	/** When the first event came that it was not looked at since. */
	long heard;

	long due;

	/** Whether it has a queue entry that counts. */
	boolean queued;

	/** When that one is due, which is never later than the file is. */
	long queuedFor;

	/** The number of the only queue entry that counts. */
	int ticket;

	boolean inWork;

	/** Whether something happened while it was worked on. */
	boolean again;

	private int attempts;

	private int unreadable;

	private boolean told;

	private volatile @Nullable String reason;

	/**
	 * A name that is heard of for the first time.
	 * @param since what the clock says
	 * @param begun the same by a clock that nobody sets
	 */
	PendingFile(String path, boolean directory, Instant since, long begun) {
		this.path = path;
		this.directory = directory;
		this.since = since;
		this.begun = begun;
	}

	/**
	 * Relative to the volume's root.
	 */
	String path() {
		return this.path;
	}

	/**
	 * Whether it is a directory, of which only that it is gone is of interest.
	 */
	boolean isDirectory() {
		return this.directory;
	}

	/**
	 * When it was first heard of, to be shown.
	 */
	Instant since() {
		return this.since;
	}

	/**
	 * The same for {@link Settling#passed}.
	 */
	long begun() {
		return this.begun;
	}

	/**
	 * Which taking of the volume what is gone was seen in.
	 */
	long seenIn() {
		return this.seenIn;
	}

	/**
	 * What was seen to go on the volume as it was taken before is forgotten: of a volume
	 * that was away it proves nothing.
	 * @return whether what was seen now is of the present volume
	 */
	boolean sees(long generation) {
		if (generation > this.seenIn) {
			this.gone = false;
			this.formerPaths.clear();
			this.formerInWork.clear();
			this.seenIn = generation;
		}
		return generation == this.seenIn;
	}

	/**
	 * A file that was created and not closed since.
	 *
	 * @param begun when it was first heard of, for {@link Settling#passed}
	 * @param moved whether it has been given another name meanwhile
	 */
	record Unclosed(long begun, boolean moved) {

	}

	/**
	 * Whether a writer has closed it, or has yet to.
	 */
	void closed(boolean now) {
		this.closed = now;
		this.moved = false;
	}

	/**
	 * What is known of a writer that has yet to close it; {@code null} where that is
	 * nothing.
	 */
	@Nullable Unclosed unclosed() {
		return this.closed ? null : new Unclosed(this.begun, this.moved);
	}

	/**
	 * It had another name, and that is gone. Who writes it closes it under this one, and
	 * whatever name it had before is dealt with after it, although the one between may be
	 * worked on.
	 * @param old what waits under that name
	 * @param generation which taking of the volume it was seen in
	 */
	void wasNamed(String former, @Nullable PendingFile old, long generation) {
		boolean present = sees(generation);
		if (old != null && old != this) {
			if (!old.closed) {
				this.closed = false;
				this.moved = true;
			}
			if (present && old.sees(generation)) {
				this.formerPaths.addAll(old.formerInWork);
				this.formerPaths.addAll(old.formerPaths);
				old.formerInWork.clear();
				old.formerPaths.clear();
			}
		}
		if (present) {
			this.formerPaths.add(former);
		}
	}

	/**
	 * Work on it begins.
	 * @return the names that it had, and that are dealt with after it
	 */
	List<String> takeFormerPaths() {
		this.formerInWork.addAll(this.formerPaths);
		this.formerPaths.clear();
		return List.copyOf(this.formerInWork);
	}

	/**
	 * The work on it has ended.
	 * @param left the names that it had which are still to be dealt with
	 */
	void keepFormerPaths(List<String> left) {
		this.formerInWork.retainAll(left);
		this.formerPaths.addAll(0, this.formerInWork);
		this.formerInWork.clear();
	}

	/**
	 * Notes that it was looked at in vain.
	 * @return how often that was
	 */
	int lookedInVain(String why) {
		this.reason = why;
		return ++this.attempts;
	}

	/**
	 * Notes that it could not be read.
	 * @return how often that was
	 */
	int metUnreadable() {
		return ++this.unreadable;
	}

	/**
	 * Why it is not finished; {@code null} where it was not looked at yet.
	 */
	@Nullable String reason() {
		return this.reason;
	}

	/**
	 * Whether it has to be told that the file does not get finished: {@code true} once.
	 */
	boolean tellOnce() {
		boolean first = !this.told;
		this.told = true;
		return first;
	}

}
