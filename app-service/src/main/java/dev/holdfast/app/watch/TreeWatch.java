package dev.holdfast.app.watch;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

import dev.holdfast.app.linux.Inotify;
import dev.holdfast.app.linux.InotifyEvent;
import dev.holdfast.app.linux.InotifyEvent.Kind;
import dev.holdfast.app.linux.LinuxException;
import dev.holdfast.app.volume.Volume;
import dev.holdfast.app.watch.Moves.Move;
import dev.holdfast.model.WatchGap.Reason;
import org.jspecify.annotations.Nullable;

/**
 * Watches the directories of a volume by one inotify descriptor, and turns events into
 * files that have to settle, names that are gone, and gaps. Used by one thread, but for
 * {@link #wake()}.
 */
final class TreeWatch implements AutoCloseable {

	private final Settling settling;

	private final Gaps gaps;

	private final WatchCounts counts;

	private final Clock clock;

	private final Inotify inotify;

	private final DirectoryTree tree = new DirectoryTree();

	private final Moves moves = new Moves(System::nanoTime);

	private final Placement placement;

	private final MediaNames names;

	private final Volume volume;

	/** Which taking of the volume is watched: what is seen to go, goes from that one. */
	private final long generation;

	private State state = State.WHOLE;

	/** Everything before this moment has been read. */
	private Instant whole;

	/**
	 * Watches nothing before {@link #placeAll()}.
	 * @param watches what is to be between this and the descriptor's watches
	 * @throws IOException where the volume's root is not there or the kernel gives no
	 * descriptor
	 */
	TreeWatch(Volume volume, Settling settling, Gaps gaps, WatchCounts counts, UnaryOperator<Watches> watches,
			Clock clock) throws IOException {
		// Before the root is opened: where that is another by then, its deletes say
		// nothing.
		this.generation = volume.generation();
		this.volume = volume;
		this.settling = settling;
		this.gaps = gaps;
		this.counts = counts;
		this.clock = clock;
		this.whole = clock.instant();
		// The root itself may be a symbolic link, what is below it may not.
		Path root = volume.root().toRealPath();
		this.inotify = Inotify.open();
		this.names = new MediaNames(volume, counts);
		this.placement = new Placement(volume.name(), root, watches.apply(Watches.of(this.inotify)), this.tree,
				this.names, counts);
	}

	/** How the watching is. */
	enum State {

		/** Nothing was missed. */
		WHOLE,

		/** The kernel dropped events: everything has to be begun anew. */
		OVERFLOWN,

		/** The volume's root is another directory now, or none. */
		ROOT_LOST

	}

	/**
	 * Watches every directory of the volume.
	 * @throws LinuxException where not even the root can be watched
	 */
	void placeAll() throws LinuxException {
		this.placement.placeRoot();
	}

	/**
	 * Waits for events and deals with them.
	 */
	State read(Duration atMost) throws LinuxException {
		Instant before = this.clock.instant();
		List<InotifyEvent> events = this.inotify.read(this.moves.isEmpty() ? atMost : Moves.PATIENCE);
		for (InotifyEvent event : events) {
			if (this.state != State.WHOLE) {
				break;
			}
			handle(event);
		}
		for (Move move : this.moves.takeLeft()) {
			wentAway(move);
		}
		this.counts.watches.set(this.tree.size());
		if (this.state == State.WHOLE && events.isEmpty()) {
			this.whole = before;
		}
		return this.state;
	}

	/**
	 * Whether the volume has not been away since this began.
	 */
	boolean isCurrent() {
		return this.volume.generation() == this.generation;
	}

	/**
	 * Until when nothing was missed.
	 */
	Instant whole() {
		return this.whole;
	}

	/**
	 * Tries again where no watch could be placed, and has those directories scanned.
	 */
	void lookAtUnwatched() {
		Instant since = this.whole;
		for (String directory : this.placement.retry()) {
			this.gaps.unwatched(directory, since);
		}
		this.counts.watches.set(this.tree.size());
	}

	/**
	 * Why not every directory is watched; {@code null} where each is.
	 */
	@Nullable String trouble() {
		return this.placement.trouble();
	}

	void wake() {
		this.inotify.wake();
	}

	private void handle(InotifyEvent event) {
		this.counts.events.increment();
		if (event.is(Kind.OVERFLOW)) {
			this.counts.overflows.increment();
			this.state = State.OVERFLOWN;
			return;
		}
		WatchedDirectory directory = this.tree.find(event.watch());
		if (directory == null) {
			// Of a directory that has been moved away or forgotten.
			return;
		}
		if (event.rawName().length == 0) {
			self(event, directory);
			return;
		}
		Optional<String> name = event.name();
		if (name.isEmpty()) {
			this.names.refuse(directory.path(), "a name in it is not UTF-8: rename it");
		}
		else if (event.isDirectory()) {
			directory(event, directory, name.get());
		}
		else {
			file(event, directory.pathOf(name.get()));
		}
	}

	private void self(InotifyEvent event, WatchedDirectory directory) {
		boolean ended = event.is(Kind.DELETE_SELF) || event.is(Kind.UNMOUNT) || event.is(Kind.IGNORED);
		if (this.tree.isRoot(directory)) {
			if (ended || event.is(Kind.MOVE_SELF)) {
				this.state = State.ROOT_LOST;
			}
		}
		else if (ended) {
			this.tree.forget(directory);
			if (!event.is(Kind.DELETE_SELF)) {
				lost(directory.path());
			}
		}
	}

	private void directory(InotifyEvent event, WatchedDirectory parent, String name) {
		String path = parent.pathOf(name);
		if (event.is(Kind.MOVED_FROM)) {
			this.moves.from(event.cookie(), path, true, parent.child(name));
			return;
		}
		if (event.is(Kind.DELETE)) {
			forget(parent.child(name));
			gone(path, true);
			return;
		}
		Move move = event.is(Kind.MOVED_TO) ? this.moves.take(event.cookie()) : null;
		// A mode or an owner that keeps others out may have gone from it just now.
		boolean opened = event.is(Kind.ATTRIB) && this.placement.isUnwatched(parent, name);
		if (!event.is(Kind.MOVED_TO) && !event.is(Kind.CREATE) && !opened) {
			return;
		}
		if (!this.names.mayCover(path)) {
			if (move != null) {
				wentAway(move);
			}
		}
		else if (move == null) {
			appeared(parent, name, path);
		}
		else {
			renamed(parent, name, move);
		}
	}

	/**
	 * Watched first and listed then, always: what was written into it before the watch is
	 * in the list. That is a gap only where something had not been told already, as an
	 * upload has been that made its directory.
	 */
	private void appeared(WatchedDirectory parent, String name, String path) {
		Instant since = this.whole;
		FoundFiles findings = new FoundFiles(false, (scanned, changed) -> {
			if (changed > 0) {
				this.gaps.found(path, since, scanned, changed);
			}
		});
		place(parent, name, findings, null);
		findings.end();
	}

	private void renamed(WatchedDirectory parent, String name, Move move) {
		WatchedDirectory moved = move.watched();
		if (moved != null && !this.tree.isWithin(parent, moved)) {
			forgetOther(parent.child(name), moved);
			this.tree.move(moved, parent, name);
		}
		// What is below it has other names now: each is recorded before the old ones go.
		FoundFiles findings = new FoundFiles(true, (_, _) -> gone(move.path(), true));
		place(parent, name, findings, move.path());
		findings.end();
	}

	private void place(WatchedDirectory parent, String name, FoundFiles findings, @Nullable String formerPath) {
		String path = parent.pathOf(name);
		this.placement.place(parent, name, (file) -> {
			String former = (formerPath == null) ? null : formerPath + file.substring(path.length());
			take(file, this.settling.found(file, findings, former, this.generation));
		});
		for (String lost : this.placement.takeLost()) {
			lost(lost);
		}
	}

	private void lost(String directory) {
		this.settling.missed(directory);
		this.gaps.missed(directory, Reason.WATCH_LOST, this.whole);
	}

	private void file(InotifyEvent event, String path) {
		if (event.is(Kind.MOVED_FROM)) {
			this.moves.from(event.cookie(), path, false, null);
			return;
		}
		Move move = event.is(Kind.MOVED_TO) ? this.moves.take(event.cookie()) : null;
		if (!this.names.covers(path)) {
			if (move != null) {
				wentAway(move);
			}
		}
		else if (event.is(Kind.DELETE)) {
			gone(path, false);
		}
		else if (move != null && this.names.covers(move.path())) {
			take(path, this.settling.renamed(move.path(), path, this.generation));
		}
		else if (event.is(Kind.ATTRIB)) {
			take(path, this.settling.touched(path, null));
		}
		else {
			take(path, this.settling.touched(path, !event.is(Kind.CREATE)));
		}
	}

	private void wentAway(Move move) {
		WatchedDirectory watched = move.watched();
		// A watch that was found under another name meanwhile stays there.
		if (watched != null && watched.path().equals(move.path())) {
			forget(watched);
		}
		if (move.directory() || this.names.covers(move.path())) {
			gone(move.path(), move.directory());
		}
	}

	private void gone(String path, boolean directory) {
		take(path, this.settling.gone(path, directory, this.generation));
	}

	/**
	 * Beyond what can wait, directories are scanned instead of files being remembered.
	 */
	private void take(String path, boolean taken) {
		if (!taken) {
			int slash = path.lastIndexOf('/');
			this.gaps.missed((slash < 0) ? "" : path.substring(0, slash), Reason.OVERFLOW, this.whole);
		}
	}

	private void forgetOther(@Nullable WatchedDirectory one, WatchedDirectory kept) {
		if (one != kept) {
			forget(one);
		}
	}

	private void forget(@Nullable WatchedDirectory directory) {
		if (directory != null) {
			this.placement.forget(directory);
		}
	}

	@Override
	public void close() {
		this.inotify.close();
		this.counts.watches.set(0);
	}

}
